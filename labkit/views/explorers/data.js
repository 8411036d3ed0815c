// The block of data that Python sent (labkit.views.explorers.base.pack).

import { inflate } from "./inflate.js";

const KINDS = {
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  f4: Float32Array,
  f8: Float64Array,
};

// An array that was sent deflated, as the differences of numbers so many places apart (0: as it is).
function inflated(Kind, bytes, size, back) {
  const all = new Kind(inflate(bytes, size * Kind.BYTES_PER_ELEMENT).buffer);
  if (back) for (let k = back; k < size; k += 1) all[k] += all[k - back];
  return all;
}

// Length of the header, the header as JSON, then arrays at multiples of 8 bytes, counted from the
// first array.  Gives { meta, name: array, ... }.
export function unpack(view) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const first = Math.ceil((4 + length) / 8) * 8;
  const arrays = {};
  for (const [name, [kind, start, size, deflated, back]] of Object.entries(header.arrays)) {
    const [Kind, from] = [KINDS[kind], first + start];
    arrays[name] = deflated
      ? inflated(Kind, bytes.subarray(from, from + deflated), size, back)
      : new Kind(bytes.buffer, from, size);
  }
  return { meta: header.meta, ...arrays };
}
