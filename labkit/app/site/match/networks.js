// Runs the networks: onnxruntime-web with its WebAssembly, one thread, all from bytes that are here.

const TEXT = new TextDecoder();

/** What runs the networks, from their bytes by name: { detect, sface, anytownnet }. */
export async function start(files) {
  const ort = library(files);
  const session = (name) => ort.InferenceSession.create(files.get(name), OPTIONS);
  const [yunet, sface, anytownnet] = [
    await session("yunet"),
    await session("sface"),
    await session("anytownnet"),
  ];
  const run = async (network, numbers, sizes) => {
    const tensor = new ort.Tensor("float32", numbers, sizes);
    return network.run({ [network.inputNames[0]]: tensor });
  };
  const first = async (network, numbers, sizes) => {
    const outputs = await run(network, numbers, sizes);
    return outputs[network.outputNames[0]].data.slice();
  };
  return {
    detect: async (planes, width, height) => {
      const outputs = await run(yunet, planes, [1, 3, height, width]);
      return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
    },
    sface: (planes) => first(sface, planes, [1, 3, 112, 112]),
    anytownnet: (pixels, side) => first(anytownnet, pixels, [1, side, side, 3]),
  };
}

const OPTIONS = { executionProviders: ["wasm"], logSeverityLevel: 3 };

/** onnxruntime-web, told where its own parts are, so that it asks nobody for them. */
function library(files) {
  const script = document.createElement("script");
  script.textContent = TEXT.decode(files.get("ort"));
  document.head.append(script);
  script.remove();
  const { ort } = globalThis;
  const glue = new Blob([files.get("ort-glue")], { type: "text/javascript" });
  Object.assign(ort.env.wasm, {
    numThreads: 1,
    proxy: false,
    wasmBinary: files.get("ort-wasm").buffer,
    wasmPaths: { mjs: URL.createObjectURL(glue) },
  });
  ort.env.logLevel = "error";
  return ort;
}
