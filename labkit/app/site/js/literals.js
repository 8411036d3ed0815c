// What is typed into a box, as a value: kindly, and as Python where it is Python.
//
// In: a text, and the exercise it answers, if it answers one.  Out: a value marked with its kind
// (pythonic.js).  On it may be: `bare`, true where words stood without quotation marks, and
// `readAs`, { number } or { names } where something else than a plain literal was read.
//
// Decimal commas, percent signs, fractions (1/100, 1 in 100), typographic minus signs and
// quotation marks are read as they are meant.  Where one number is asked for and a comma may end
// thousands or begin decimals, the reading that lies nearer to the right value is taken.

import { A_NONE, AN_OPEN, aBool, aFloat, anInt, aText, constantOf } from "./pythonic.js";
import { typedNumber } from "./slips.js";
import { spacedParts } from "./texts.js";
import { isNumberValue } from "./values.js";

const SAME_SIGNS = [
  [/[\u2212\u2012\u2013\u2014\ufe63\uff0d]/g, "-"],
  [/[\u2018\u2019\u201a\u2032]/g, "'"],
  [/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"'],
  [/[\u00d7\u2715]/g, "*"],
  [/[\u00f7\u2044\u2215]/g, "/"],
  [/[\u00a0\u2007\u2009\u202f]/g, " "],
  [/\u2026/g, "..."],
];

// Signs that mean the same, as they stand on a keyboard; "answer =" in front goes.
function onKeyboard(typed) {
  const text = SAME_SIGNS.reduce((said, [signs, sign]) => said.replace(signs, sign), typed);
  return text
    .trim()
    .replace(/^\w+\s*=(?!=)\s*/, "")
    .replace(/^([-+])\s+(?=[\d.,])/, "$1");
}

// --- one number ---------------------------------------------------------------------------------

const SIGN_AND_DIGITS = "[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?";
const PLAIN_NUMBER = new RegExp(`^${SIGN_AND_DIGITS}$`);
const THOUSANDS = /^([-+]?)(\d{1,3}(?:,\d{3})+)(\.\d+)?$/;
const SPACED_THOUSANDS = /^([-+]?)(\d{1,3}(?: \d{3})+)([.,]\d+)?$/;
const POINTED_THOUSANDS = /^([-+]?)(\d{1,3}(?:\.\d{3})+),(\d+)$/;
const COMMA_DECIMALS = /^([-+]?\d*),(\d+)$/;
const PERCENT = /^(.*\S)\s*(?:%|percent|per cent|por ciento)$/i;
const ONE_IN = /^(.*?\S)\s+(?:out of|in|of|de cada|de|entre)\s+(\S.*)$/i;
const SMALLEST_SIZE = 1e-300;

const plainNumberIn = (text) => (PLAIN_NUMBER.test(text) ? numberFrom(text) : undefined);

const numberFrom = (digits) =>
  /[.eE]/.test(digits) ? aFloat(Number(digits)) : anInt(digits.replace("+", ""));

// The numbers that digits with commas, spaces or points between may mean; the likelier first.
function withSeparators(text) {
  const found = [];
  const push = (digits) => found.push(numberFrom(digits));
  const thousands = THOUSANDS.exec(text) ?? SPACED_THOUSANDS.exec(text);
  if (thousands && !/^0/.test(thousands[2])) {
    const [, sign, whole, rest = ""] = thousands;
    push(sign + whole.replace(/[, ]/g, "") + rest.replace(",", "."));
  }
  const pointed = POINTED_THOUSANDS.exec(text);
  if (pointed) push(`${pointed[1]}${pointed[2].replaceAll(".", "")}.${pointed[3]}`);
  const decimals = COMMA_DECIMALS.exec(text);
  if (decimals) push(`${decimals[1] || "0"}.${decimals[2]}`.replace(/^([-+])\./, "$10."));
  return found;
}

const timesApart = (value, right) =>
  Math.abs(Math.log(Math.max(Math.abs(Number(value.n)), SMALLEST_SIZE) / Math.abs(right)));

// Of two readings the one nearer to the right value, where there is one.
function nearerReading(found, right) {
  if (found.length < 2 || !right) return found[0];
  return timesApart(found[1], right) < timesApart(found[0], right) ? found[1] : found[0];
}

// One number as people write it, or nothing.
function kindNumber(text, right) {
  const plain = plainNumberIn(text) ?? nearerReading(withSeparators(text), right);
  if (plain) return plain;
  const percent = PERCENT.exec(text);
  if (percent) {
    const whole = kindNumber(percent[1], right && 100 * right);
    return whole && dividedBy(whole, anInt(100));
  }
  const part = ONE_IN.exec(text);
  if (part) return fractionOf(part[1], part[2]);
  return calculatedNumber(text);
}

function fractionOf(above, below) {
  const [a, b] = [kindNumber(above), kindNumber(below)];
  return a && b && Number(b.n) ? dividedBy(a, b) : undefined;
}

const dividedBy = (a, b) => aFloat(Number(a.n) / Number(b.n));

// A calculation such as (0.12 - 0.08) / 3 or 4,400/455,061.
function calculatedNumber(text) {
  if (!/\d\s*(?:[-+*/^]|\*\*|x)/.test(text) && !/[()]/.test(text)) return undefined;
  const tidy = text
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, "")
    .replace(/(?<=\d),(?=\d)/g, ".")
    .replace(/(\d)\s*x\s*(?=\d)/gi, "$1*")
    .replaceAll("^", "**")
    .replace(/(\d)\s*%/g, "($1/100)");
  return [text, tidy]
    .map((said) => constantOf(said))
    .find((value) => value && isNumberValue(value));
}

// --- several numbers, and texts -----------------------------------------------------------------

const BRACKETS = /^[[({]\s*([\s\S]*?)\s*,?\s*[\])}]$/;
const BETWEEN_NUMBERS = [
  /\s*;\s*/,
  /,\s+/,
  /\s+(?:to|and|until|a|y|hasta)\s+/i,
  /\s+-\s+/,
  /(?<=[\d%])\s*-\s*(?=[\d.])/,
];

const inBrackets = (text) => BRACKETS.exec(text)?.[1] ?? text;

function kindNumbers(text) {
  const inner = inBrackets(text).replace(/^(?:from|between|de|entre)\s+/i, "");
  for (const between of BETWEEN_NUMBERS) {
    const parts = inner.split(between);
    const numbers = parts.map((part) => kindNumber(part));
    if (parts.length > 1 && !numbers.includes(undefined)) return { is: "tuple", items: numbers };
  }
  return undefined;
}

const BETWEEN_TEXTS = /\s*[,;\n]\s*|\s+(?:and|y)\s+/;

const withoutQuotes = (part) => part.replace(/^(['"])(.*)\1$/, "$2");

// Words with commas between, without quotation marks or with.
function bareTexts(text) {
  const parts = inBrackets(text).split(BETWEEN_TEXTS).map(withoutQuotes).filter(Boolean);
  if (parts.length < 2) return { ...aText(withoutQuotes(inBrackets(text))), bare: true };
  return { is: "list", items: parts.map(aText), bare: true };
}

const TRUTHS = {
  true: true,
  yes: true,
  y: true,
  sí: true,
  si: true,
  false: false,
  no: false,
  n: false,
};

// --- what was typed -----------------------------------------------------------------------------

const withReading = (value, typed) => {
  const said = typedNumber(Number(value.n));
  const same = typed === said || (PLAIN_NUMBER.test(typed) && Number(typed) === Number(value.n));
  return same ? value : { ...value, readAs: { number: said } };
};

// One number where it is asked for: as Python, or as people write it.
function asOneNumber(text, right) {
  const kind = kindNumber(text, right);
  if (kind && Number.isFinite(Number(kind.n))) return withReading(kind, text);
  return undefined;
}

const READERS = {
  number: (text, exercise) => asOneNumber(text, exercise.right?.values[0]) ?? constantOf(text),
  numbers: (text) => {
    const exact = constantOf(text);
    const several = exact?.is === "tuple" || exact?.is === "list" || exact?.is === "dict";
    return several && !/\d,\d/.test(text) ? exact : (kindNumbers(text) ?? exact);
  },
  truth: (text) => {
    const yes = TRUTHS[text.toLowerCase()];
    return yes === undefined ? constantOf(text) : aBool(yes);
  },
  texts: (text) => constantOf(text) ?? bareTexts(text),
  options: (text) => constantOf(text) ?? { ...aText(text), bare: true },
};

const KIND_READERS = {
  set: "texts",
  texts: "texts",
  text: "options",
  truth: "truth",
  numbers: "numbers",
  names: "numbers",
};

function readerFor(exercise) {
  if (!exercise) return READERS.number;
  if (exercise.kind === "choose") return READERS.options;
  if (exercise.kind === "write") return READERS.texts;
  return READERS[KIND_READERS[exercise.right.kind] ?? "number"];
}

// What was typed, as a value.
export function read(typed, exercise = null) {
  const text = onKeyboard(typed);
  if (text === "" || text === "...") return AN_OPEN;
  if (text === "None") return A_NONE;
  if (text === "set()") return { is: "set", items: [] };
  const value = readerFor(exercise)(text, exercise ?? {});
  return value ?? { ...aText(spacedParts(text).join(" ")), bare: true };
}
