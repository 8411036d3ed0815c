// Deflated bytes (RFC 1951) as they were: what a browser can do by itself it does later, in a stream,
// and an explorer is drawn at once.

// Base and extra bits of the lengths 257 to 285 and of the distances 0 to 29 (RFC 1951, 3.2.5).
const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
];
const DISTANCES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const moreOfLength = (k) => (k < 8 || k === 28 ? 0 : (k >> 2) - 1);
const moreOfDistance = (k) => (k < 4 ? 0 : (k >> 1) - 1);
const NOT_DEFLATED = "these bytes were not deflated, or cut short";
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// Bits of some bytes, the lowest of each byte first.
function bitsOf(bytes) {
  let at = 0;
  let held = 0;
  let count = 0;
  function take(n) {
    while (count < n) {
      if (at >= bytes.length) throw new Error(NOT_DEFLATED);
      held |= bytes[at] << count;
      at += 1;
      count += 8;
    }
    const value = held & ((1 << n) - 1);
    held >>>= n;
    count -= n;
    return value;
  }
  // Whole bytes, from the next one on.
  function whole(n) {
    at -= count >> 3;
    held = 0;
    count = 0;
    at += n;
    return bytes.subarray(at - n, at);
  }
  return { take, whole };
}

// A Huffman code from the lengths of its words: how many have each length, and what they stand for.
function codeOf(lengths) {
  const counts = new Uint16Array(16);
  for (const n of lengths) counts[n] += 1;
  counts[0] = 0;
  const next = new Uint16Array(16);
  for (let n = 1; n < 15; n += 1) next[n + 1] = next[n] + counts[n];
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((n, symbol) => {
    if (!n) return;
    symbols[next[n]] = symbol;
    next[n] += 1;
  });
  return { counts, symbols };
}

function symbolOf(bits, { counts, symbols }) {
  let code = 0;
  let first = 0;
  let place = 0;
  for (let n = 1; n < 16; n += 1) {
    code |= bits.take(1);
    const here = counts[n];
    if (code - first < here) return symbols[place + code - first];
    place += here;
    first = (first + here) << 1;
    code <<= 1;
  }
  throw new Error(NOT_DEFLATED);
}

const run = (n, value) => Array.from({ length: n }, () => value);

function fixedCodes() {
  const lengths = [...run(144, 8), ...run(112, 9), ...run(24, 7), ...run(8, 8)];
  return [codeOf(lengths), codeOf(run(30, 5))];
}

function ownCodes(bits) {
  const [literals, distances, own] = [bits.take(5) + 257, bits.take(5) + 1, bits.take(4) + 4];
  const short = run(19, 0);
  for (let k = 0; k < own; k += 1) short[ORDER[k]] = bits.take(3);
  const code = codeOf(short);
  const lengths = [];
  while (lengths.length < literals + distances) {
    const symbol = symbolOf(bits, code);
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) lengths.push(...run(bits.take(2) + 3, lengths[lengths.length - 1]));
    else if (symbol === 17) lengths.push(...run(bits.take(3) + 3, 0));
    else lengths.push(...run(bits.take(7) + 11, 0));
  }
  return [codeOf(lengths.slice(0, literals)), codeOf(lengths.slice(literals))];
}

// One part that was written with two codes; gives the place after it.
function coded(bits, [literals, distances], out, from) {
  let at = from;
  for (;;) {
    const symbol = symbolOf(bits, literals);
    if (symbol === 256) return at;
    if (symbol < 256) {
      out[at] = symbol;
      at += 1;
      continue;
    }
    const length = LENGTHS[symbol - 257] + bits.take(moreOfLength(symbol - 257));
    const far = symbolOf(bits, distances);
    const back = DISTANCES[far] + bits.take(moreOfDistance(far));
    for (let k = 0; k < length; k += 1) out[at + k] = out[at + k - back];
    at += length;
  }
}

function stored(bits, out, at) {
  const [low, high] = bits.whole(4);
  const n = low + 256 * high;
  out.set(bits.whole(n), at);
  return at + n;
}

// bytes: deflated, without a head; size: how many there were.
export function inflate(bytes, size) {
  const out = new Uint8Array(size);
  const bits = bitsOf(bytes);
  let at = 0;
  for (let last = 0; !last; ) {
    last = bits.take(1);
    const kind = bits.take(2);
    if (kind === 0) at = stored(bits, out, at);
    else at = coded(bits, kind === 1 ? fixedCodes() : ownCodes(bits), out, at);
  }
  return out;
}
