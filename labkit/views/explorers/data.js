// The block of data that Python sent (labkit.views.explorers.base.pack).

const KINDS = {
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  f4: Float32Array,
  f8: Float64Array,
};

// Length of the header, the header as JSON, then arrays at multiples of 8 bytes, counted from the
// first array.  Gives { meta, name: array, ... }.
export function unpack(view) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const first = Math.ceil((4 + length) / 8) * 8;
  const arrays = {};
  for (const [name, [kind, start, size]] of Object.entries(header.arrays)) {
    arrays[name] = new KINDS[kind](bytes.buffer, first + start, size);
  }
  return { meta: header.meta, ...arrays };
}
