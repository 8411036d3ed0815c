// Guesses: what number was meant, what to ask about one that cannot be, and how it compares.
//
// As labkit/learning/guesses.py and journal.py.  In: what was typed.  Out: what is kept, and
// sentences for whoever typed it.

import { fixedPoint, generalForm, roundHalfEven, saidWith } from "./formats.js";
import { read } from "./literals.js";
import { numberInText, slipSentence, typedNumber, withCommas } from "./slips.js";
import { isNumberValue, marked, plainValue, spokenValue } from "./values.js";

const TENTHS = 1;

// What to keep of a guess, as the journal holds it, and what to say about it.  kept is undefined
// where nothing can be kept; value is the marked value of what is.
export function readGuess(typed, low, high, whole, words) {
  const share = low === 0 && high === 1;
  const value = typeof typed === "string" ? typedGuess(typed, share) : marked(typed);
  return guessOf(value, low, high, whole, words);
}

// 12 % is 0.12 where a share is asked for, and 12 where so many of a hundred are.
const typedGuess = (typed, share) =>
  /\d\s*%\s*$/.test(typed) && !share ? { is: "str", text: typed.trim(), bare: true } : read(typed);

// The same of a marked value: guesses.read.
export function guessOf(value, low, high, whole, words) {
  const bounds = { low: low ?? null, high: high ?? null, whole: Boolean(whole) };
  if (value.is === "none" || value.is === "open") return unkept();
  const free = bounds.low === null && bounds.high === null && !bounds.whole;
  if (!free && value.is === "str") return guessInText(value, bounds, words);
  if (!free && (value.is === "list" || value.is === "tuple")) {
    return unkept(severalSaid(value, words));
  }
  return plainGuess(value, bounds, free, words);
}

function plainGuess(value, bounds, free, words) {
  const kept = plainValue(value, words);
  if (kept === null) return unkept(words.asks.none);
  if (!isNumberValue(value)) {
    return free ? { kept, value, remarks: [] } : unkept(words.asks.other);
  }
  if (typeof kept !== "number") return unkept(words.asks.other);
  return { kept, value, remarks: askedAbout(kept, bounds, words) };
}

const unkept = (...remarks) => ({ kept: undefined, remarks });

function guessInText(value, bounds, words) {
  let number = numberInText(value.text);
  const key = (name) =>
    words.asks[(value.bare && `${name} bare`) in words.asks ? `${name} bare` : name];
  if (number === undefined || !Number.isFinite(number)) return unkept(key("words"));
  if (value.text.includes("%") && bounds.low === 0 && bounds.high === 1) number /= 100;
  const told = saidWith(key("text"), { number: typedNumber(number) });
  return {
    kept: number,
    value: Number.isInteger(number) ? { is: "int", n: BigInt(number) } : { is: "float", n: number },
    remarks: [told, ...askedAbout(number, bounds, words)],
  };
}

function severalSaid(value, words) {
  const comma = withCommas(value);
  if (!comma) return words.asks.several;
  return slipSentence(words, comma[0], { number: comma[1], count: value.items.length });
}

// A question about a number that makes no sense as a guess; none when it does: guesses.asked.
export function askedAbout(guess, { low, high, whole }, words) {
  const least = low ?? Number.NEGATIVE_INFINITY;
  const most = high ?? Number.POSITIVE_INFINITY;
  const [said, top, bottom] = [guess, most, least].map((n) => generalForm(n, 6, true));
  const found =
    least <= guess && guess <= most
      ? askedInside(guess, least, most, whole)
      : askedOutside(guess, least, most);
  if (!found) return [];
  const [key, meant] = found;
  return [saidWith(words.asks[key], { low: bottom, high: top, guess: said, meant: meant ?? "" })];
}

function askedInside(guess, least, most, whole) {
  const hundred = least === 0 && most >= 10 && Number.isFinite(most);
  if (hundred && guess > 0 && guess < 1) return ["share", generalForm(guess * most, 3)];
  return whole && guess % 1 ? ["whole"] : undefined;
}

function askedOutside(guess, least, most) {
  if (least === 0 && most === 1 && guess > 1 && guess <= 100) {
    return ["percent", generalForm(guess / 100)];
  }
  if (!Number.isFinite(least)) return ["most"];
  return [Number.isFinite(most) ? "range" : "least"];
}

const isUsable = (value) => typeof value === "number" && Number.isFinite(value);

// How a guess compares with the result, in words; nothing when they are not numbers: _apart.
export function apart(guess, value, words) {
  if (!isUsable(guess) || !isUsable(value)) return [];
  const said = words.journal;
  if (guess === value) return [said.exactly];
  const side = guess > value ? "higher" : "lower";
  const [small, large] = [Math.abs(guess), Math.abs(value)].sort((a, b) => a - b);
  if (guess * value > 0 && large >= 2 * small) {
    return [saidWith(said[`${side} times`], { factor: factorSaid(large / small) })];
  }
  return [saidWith(said[side], { gap: gapSaid(Math.abs(guess - value), words) })];
}

const factorSaid = (factor) => fixedPoint(factor, TENTHS, true).replace(/\.0$/, "");

// A distance between guess and result, no finer than a guess is: whole, or two digits.
function gapSaid(gap, words) {
  if (gap < 10) return generalForm(gap, 2);
  return spokenValue({ is: "int", n: BigInt(roundHalfEven(gap)) }, words);
}

// A value as it is printed, as journal.spoken does.
export const spoken = (value, words) => spokenValue(value, words);
