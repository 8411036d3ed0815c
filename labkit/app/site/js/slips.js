// Slips of writing that happen in every exercise: as labkit/learning/slips.py.

import { fixedPoint, generalForm, roundHalfEven, saidWith, shortestDigits } from "./formats.js";
import { isCode } from "./pythonic.js";

const CLOSE_SHARE = 0.005; // by which a slip may differ from what it is recognised by

const WRITTEN_NUMBER =
  "[-+]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)?(?:\\.\\d+|(?<=\\d)\\.?)(?:[eE][-+]?\\d+)?";
const WRITTEN_FRACTION = new RegExp(
  `^\\s*(${WRITTEN_NUMBER})\\s*/\\s*(${WRITTEN_NUMBER})\\s*$`,
  "u",
);
const NUMBER_ANYWHERE = new RegExp(`(?<![\\p{L}\\p{N}_.])(${WRITTEN_NUMBER})`, "gu");
const DECIMAL_COMMA = /^\s*[-+]?\d*,(?:\d{1,2}|\d{4,})\s*%?\s*$/;

const withoutCommas = (digits) => Number(digits.replaceAll(",", ""));

// The first number that a text holds, or the fraction that it is; nothing where it holds none.
export function numberInText(text) {
  const plain = DECIMAL_COMMA.test(text) ? text.replaceAll(",", ".") : text;
  const whole = WRITTEN_FRACTION.exec(plain);
  if (whole?.[1] && withoutCommas(whole[2]))
    return withoutCommas(whole[1]) / withoutCommas(whole[2]);
  for (const found of plain.matchAll(NUMBER_ANYWHERE)) if (found[1]) return withoutCommas(found[1]);
  return undefined;
}

const isWholeTuple = (value) =>
  value.is === "tuple" && value.items.length > 1 && value.items.every((v) => v.is === "int");

// The number that was meant by one with commas, which Python made into several: [slip, number].
export function withCommas(value, right = 0) {
  if (!isWholeTuple(value)) return undefined;
  const [first, ...rest] = value.items.map((v) => v.n);
  if (first !== 0n && rest.every((r) => (r >= 100n && r <= 999n) || r === 0n)) {
    const digits = [first, ...rest.map((r) => String(r).padStart(3, "0"))].join("");
    return [rest.length === 1 && rest[0] === 0n ? "either" : "thousands", Number(digits)];
  }
  if (rest.length > 1 || rest[0] < 0n) return undefined;
  const number = Number(`${first}.${rest[0]}`);
  return first === 0n && right < 0 ? ["decimal minus", -number] : ["decimal", number];
}

// Whether an answer is what Python makes of a fraction whose parts have commas.
export function isCommaFraction(value) {
  if (value.is !== "tuple" || value.items.length < 2) return false;
  const broken = value.items.flatMap((v, n) => (v.is === "float" ? [n] : []));
  if (broken.length !== 1 || value.items.some((v) => v.is !== "int" && v.is !== "float"))
    return false;
  const at = broken[0];
  const numbers = value.items.map((v) => Number(v.n));
  const groups = [...numbers.slice(1, Math.max(at, 0)), ...numbers.slice(at + 1)];
  const first = at ? Math.abs(numbers[0]) : 1;
  return first > 0 && first < 1000 && groups.every((g) => (g >= 100 && g <= 999) || g === 0);
}

// The number behind an answer that is text or has commas, and the slip's name.
export function meantNumber(value, right) {
  if (value.is !== "str") return withCommas(value, right);
  const number = isCode(value.text) ? undefined : numberInText(value.text);
  return number === undefined ? undefined : ["quotes", number];
}

// A number as one would type it: all digits of a whole one, else six.
export const typedNumber = (n) => (Number.isInteger(n) ? fixedPoint(n, 0) : generalForm(n));

// --- numbers ------------------------------------------------------------------------------------

// How many digits a number is written with, and after which decimal it ends.
function shownDigits(n) {
  if (n === 0) return [1, 0];
  const [digits, power] = shortestDigits(n);
  return [digits.length, digits.length - 1 - power];
}

// Whether answers are values rounded to the digits they show, one of them with enough digits.
export function isRounded(values, answers, digits) {
  if (!values.length || ![...values, ...answers].every(Number.isFinite)) return false;
  const shown = answers.map(shownDigits);
  if (values.some((v, n) => v && !answers[n])) return false;
  const same = values.every((v, n) => roundHalfEven(v, shown[n][1]) === answers[n]);
  return same && Math.max(...shown.map(([n]) => n)) >= digits;
}

// Whether answers are within half a unit of the last of some digits of the values.
export const isWithin = (values, answers, digits) =>
  values.every((value, n) => {
    if (value === answers[n]) return true;
    const unit = value ? Number(`1e${Math.floor(Math.log10(Math.abs(value))) - digits + 1}`) : 0;
    return Math.abs(answers[n] - value) <= unit / 2;
  });

// numpy.isclose(answer, value, rtol=share, atol=0)
export const isNear = (answer, value, share) =>
  answer === value ||
  (Number.isFinite(value) && Math.abs(answer - value) <= share * Math.abs(value));

// Whether answers are values but for rounding.
export const isAlike = (values, answers) =>
  isRounded(values, answers, 2) || values.every((v, n) => isNear(answers[n], v, CLOSE_SHARE));

// The slip that leads from a right number to a wrong one: its name, or nothing.
export function slipOfNumber(right, given, { unit, parts, exact }) {
  const is = (value) => isAlike([value], [given]);
  const part = parts.slice(0, 2).findIndex((value) => is(value));
  if (part >= 0) return ["above", "below"][part];
  const share = unit === "share" && Math.abs(right) > 0 && Math.abs(right) <= 1;
  return (
    slipOfUnit(right, unit, share, is) ??
    slipOfSide(right, given, { unit, share, exact, is }) ??
    (exact && Math.abs(given - right) === 1 ? "one off" : "")
  );
}

function slipOfUnit(right, unit, share, is) {
  if (!right) return undefined;
  if (is(100 * right)) return share ? "percent" : unit === "share" ? "" : "no percent";
  if (!share && unit === "share" && is(right / 100)) return "share";
  return unit !== "share" && is(right / 1000) ? "thousandth" : undefined;
}

function slipOfSide(right, given, { unit, share, exact, is }) {
  if (right && is(-right)) return "sign";
  if (right && unit === "share" && Math.abs(right) !== 1 && is(1 / right)) return "upside down";
  if (share && !exact && given > 1) return given <= 100 ? "above one" : "many times one";
  return undefined;
}

// The slip that leads from right numbers to wrong ones: its name, or nothing.
export function slipOfNumbers(values, given) {
  if (values.length === 2 && isAlike([values[1], values[0]], given)) return "swapped";
  const shares = values.every((v) => Math.abs(v) <= 1);
  const hundredfold = values.map((v) => 100 * v);
  return shares && isAlike(hundredfold, given) ? "parts percent" : "";
}

// What is said to a slip.
export function slipSentence(words, key, facts = {}) {
  const { unit = "share", number = 0, count = 0, right = 0 } = facts;
  return saidWith(words.slips[key], {
    unit: words.units[unit],
    number: typedNumber(number),
    other: fixedPoint(number / 1000, 1),
    percent: typedNumber(100 * number),
    count,
    side: words.sides[number > right ? "high" : "low"],
  });
}
