// Texts compared as Python's `casefold`, `split` and `difflib.get_close_matches` compare them.

const PY_SPACE =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACES = new RegExp(`[${PY_SPACE}]+`, "u");

// str.casefold(): small letters, and a sharp s as two.
export function casefolded(text) {
  const folded = Array.from(text, (sign) => {
    const low = sign.toLowerCase();
    return /[ßẞ\ufb00-\ufb06]/u.test(sign)
      ? sign.toUpperCase().toLowerCase().replace("ß", "ss")
      : low;
  });
  return folded.join("").replaceAll("ς", "σ");
}

// str.split() without arguments.
export const spacedParts = (text) => text.split(SPACES).filter((part) => part);

// " ".join(text.casefold().split()): a text without what does not matter.
export const plainText = (text) => spacedParts(casefolded(text)).join(" ");

// text.strip(signs), for a few signs.
export function strippedOf(text, signs) {
  let [start, end] = [0, text.length];
  while (start < end && signs.includes(text[start])) start++;
  while (end > start && signs.includes(text[end - 1])) end--;
  return text.slice(start, end);
}

// Order of Python's sorted() for texts: by code point.
export function byCodePoint(a, b) {
  const [one, other] = [Array.from(a), Array.from(b)];
  for (let n = 0; n < Math.min(one.length, other.length); n++) {
    const apart = one[n].codePointAt(0) - other[n].codePointAt(0);
    if (apart) return apart;
  }
  return one.length - other.length;
}

// --- difflib ------------------------------------------------------------------------------------

const CLOSE_ENOUGH = 0.6;
const LONG_TEXT = 200; // from here on difflib leaves signs out that are more than 1 in 100

function placesOfSigns(signs) {
  const places = new Map();
  signs.forEach((sign, n) => {
    if (!places.has(sign)) places.set(sign, []);
    places.get(sign).push(n);
  });
  if (signs.length >= LONG_TEXT) {
    const most = Math.floor(signs.length / 100) + 1;
    for (const [sign, at] of places) if (at.length > most) places.delete(sign);
  }
  return places;
}

// The longest run that a[alo:ahi] and b[blo:bhi] share: its two starts and its length.
function longestRun(a, b, places, [alo, ahi, blo, bhi]) {
  let best = [alo, blo, 0];
  let lengths = new Map();
  for (let i = alo; i < ahi; i++) {
    const now = new Map();
    for (const j of places.get(a[i]) ?? []) {
      if (j < blo || j >= bhi) continue;
      const run = (lengths.get(j - 1) ?? 0) + 1;
      now.set(j, run);
      if (run > best[2]) best = [i - run + 1, j - run + 1, run];
    }
    lengths = now;
  }
  return widenedRun(a, b, best, [alo, ahi, blo, bhi]);
}

function widenedRun(a, b, [start, other, length], [alo, ahi, blo, bhi]) {
  let [i, j, size] = [start, other, length];
  while (i > alo && j > blo && a[i - 1] === b[j - 1]) [i, j, size] = [i - 1, j - 1, size + 1];
  while (i + size < ahi && j + size < bhi && a[i + size] === b[j + size]) size += 1;
  return [i, j, size];
}

// difflib.SequenceMatcher(None, a, b).ratio()
export function alikeness(a, b) {
  const [one, other] = [Array.from(a), Array.from(b)];
  const places = placesOfSigns(other);
  const open = [[0, one.length, 0, other.length]];
  let shared = 0;
  while (open.length) {
    const [alo, ahi, blo, bhi] = open.pop();
    const [i, j, size] = longestRun(one, other, places, [alo, ahi, blo, bhi]);
    if (!size) continue;
    shared += size;
    if (alo < i && blo < j) open.push([alo, i, blo, j]);
    if (i + size < ahi && j + size < bhi) open.push([i + size, ahi, j + size, bhi]);
  }
  const all = one.length + other.length;
  return all ? (2 * shared) / all : 1;
}

// difflib.get_close_matches(text, known, 1), or nothing.
export function closestText(text, known) {
  let best;
  for (const name of known) {
    const ratio = alikeness(name, text);
    if (ratio < CLOSE_ENOUGH) continue;
    const better =
      !best || ratio > best[0] || (ratio === best[0] && byCodePoint(name, best[1]) > 0);
    if (better) best = [ratio, name];
  }
  return best?.[1];
}
