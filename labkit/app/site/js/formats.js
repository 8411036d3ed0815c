// Numbers and texts exactly as Python writes them: `f"{x:,.2f}"`, `f"{x:.4g}"`, `round`, `repr`.
//
// A double is taken apart into whole numbers, so that every digit is right and a tie goes to the
// even digit, as in Python; toFixed and toPrecision round ties away from zero.

const bitsOf = new DataView(new ArrayBuffer(8));

// A finite number's size as top / bottom, both BigInt.
function ratioOf(x) {
  bitsOf.setFloat64(0, Math.abs(x));
  const bits = bitsOf.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const mantissa = (bits & ((1n << 52n) - 1n)) + (exponent ? 1n << 52n : 0n);
  const power = (exponent || 1) - 1075;
  return power >= 0 ? [mantissa << BigInt(power), 1n] : [mantissa, 1n << BigInt(-power)];
}

// |x| * 10 ** places as a whole number, ties to even.
function scaledSize(x, places) {
  let [top, bottom] = ratioOf(x);
  if (places >= 0) top *= 10n ** BigInt(places);
  else bottom *= 10n ** BigInt(-places);
  const whole = top / bottom;
  const twice = 2n * (top % bottom);
  const up = twice > bottom || (twice === bottom && whole % 2n === 1n);
  return up ? whole + 1n : whole;
}

const isNegative = (x) => x < 0 || Object.is(x, -0);

const notFinite = (x) => (Number.isNaN(x) ? "nan" : x < 0 ? "-inf" : "inf");

// Commas between thousands of the digits in front of the point.
function withThousands(text) {
  const [whole, rest] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}

// Python's f"{x:.{places}f}", with f"{x:,...}" when grouped.
export function fixedPoint(x, places, grouped = false) {
  if (!Number.isFinite(x)) return notFinite(x);
  const digits = scaledSize(x, places)
    .toString()
    .padStart(places + 1, "0");
  const cut = digits.length - places;
  const text = places ? `${digits.slice(0, cut)}.${digits.slice(cut)}` : digits;
  return (isNegative(x) ? "-" : "") + (grouped ? withThousands(text) : text);
}

// A size's first digits and the power of ten of the first, rounded to so many.
function firstDigits(x, digits) {
  let power = Math.floor(Math.log10(Math.abs(x)));
  for (let tries = 0; tries < 4; tries++) {
    const found = scaledSize(x, digits - 1 - power).toString();
    if (found.length === digits) return [found, power];
    power += found.length > digits ? 1 : -1;
  }
  // Rounded up to the next power of ten (9.99 to 10), seen from both sides.
  return [`1${"0".repeat(digits - 1)}`, power];
}

const trimmedZeros = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

// Python's f"{x:.{digits}g}", with f"{x:,...}" when grouped; six digits as in f"{x:g}".
export function generalForm(x, digits = 6, grouped = false) {
  if (!Number.isFinite(x)) return notFinite(x);
  const sign = isNegative(x) ? "-" : "";
  if (x === 0) return `${sign}0`;
  const [found, power] = firstDigits(x, digits);
  if (power < -4 || power >= digits) {
    const tail = digits > 1 ? `.${found.slice(1)}` : "";
    return `${sign}${trimmedZeros(found[0] + tail)}e${exponentOf(power)}`;
  }
  const text = trimmedZeros(placedPoint(found, power));
  return sign + (grouped ? withThousands(text) : text);
}

const exponentOf = (power) => (power < 0 ? "-" : "+") + String(Math.abs(power)).padStart(2, "0");

// Digits with the point behind the one that counts 10 ** power down to 1.
function placedPoint(digits, power) {
  if (power < 0) return `0.${"0".repeat(-power - 1)}${digits}`;
  if (power >= digits.length - 1) return digits + "0".repeat(power - digits.length + 1);
  return `${digits.slice(0, power + 1)}.${digits.slice(power + 1)}`;
}

// The shortest digits that give a number back, and the power of ten of the first.
export function shortestDigits(x) {
  const [digits, power] = Math.abs(x).toExponential().split("e");
  return [digits.replace(".", ""), Number(power)];
}

// Python's repr of a float: "0.1", "1e-05", "1000000.0".
export function reprFloat(x) {
  if (!Number.isFinite(x)) return notFinite(x);
  const sign = isNegative(x) ? "-" : "";
  const [digits, power] = shortestDigits(x);
  if (power < -4 || power >= 16) {
    const tail = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${tail}e${exponentOf(power)}`;
  }
  const text = placedPoint(digits, power);
  return sign + (text.includes(".") ? text : `${text}.0`);
}

const SPOKEN_ESCAPES = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function escapedSign(sign) {
  if (SPOKEN_ESCAPES[sign]) return SPOKEN_ESCAPES[sign];
  if (sign === " " || !/[\p{C}\p{Z}]/u.test(sign)) return sign;
  const code = sign.codePointAt(0);
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

// Python's repr of a text: single quotes, unless it holds one and no double one.
export function reprText(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = Array.from(text, (sign) => (sign === quote ? `\\${sign}` : escapedSign(sign)));
  return quote + inside.join("") + quote;
}

// Python's round(x, places) of a float.
export function roundHalfEven(x, places = 0) {
  if (!Number.isFinite(x)) return x;
  const size = Number(`${scaledSize(x, places)}e${-places}`);
  return isNegative(x) ? -size : size;
}

// A whole number with commas between thousands, from a number or a BigInt.
export const groupedWhole = (n) =>
  withThousands(String(n).replace("-", "")).replace(/^/, n < 0 ? "-" : "");

// A sentence with its facts put in, as str.format does: {name}, {name!r}, {count:,}, {{ and }}.
export function saidWith(sentence, facts = {}) {
  return sentence.replace(/\{\{|\}\}|\{(\w+)(![r])?(:,)?\}/g, (whole, name, repr, grouped) => {
    if (!name) return whole[0];
    if (facts[name] === undefined) throw new Error(`"${sentence}" needs a value for ${name}`);
    if (repr) return reprText(String(facts[name]));
    return grouped ? groupedWhole(facts[name]) : String(facts[name]);
  });
}
