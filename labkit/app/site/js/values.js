// Answers of any kind: what they are, in words, and in the form of a right value.
//
// As labkit/learning/answers.py and journal.py; values are marked as in pythonic.js.

import { fixedPoint, generalForm, groupedWhole, saidWith } from "./formats.js";
import { byCodePoint, plainText } from "./texts.js";

const LONGEST = 300; // characters kept of an answer that is not numbers
const MOST_ITEMS = 2000;
const DEEPEST = 6; // lists in lists
const HUGE = 10n ** 300n;
const SPOKEN_WHOLE = 10n ** 15n;

export const isNumberValue = (value) => value.is === "int" || value.is === "float";
export const isMany = (value) => ["list", "tuple", "set"].includes(value.is);

// Plain JavaScript as a marked value; what is marked already stays as it is.
export function marked(value) {
  if (value === null || value === undefined) return { is: "none" };
  if (typeof value === "boolean") return { is: "bool", yes: value };
  if (typeof value === "string") return { is: "str", text: value };
  if (typeof value === "number") return markedNumber(value);
  if (Array.isArray(value)) return { is: "list", items: value.map(marked) };
  if (value.is) return value;
  return { is: "dict", pairs: Object.entries(value).map(([k, v]) => [marked(k), marked(v)]) };
}

const markedNumber = (n) =>
  Number.isSafeInteger(n) && !Object.is(n, -0) ? { is: "int", n: BigInt(n) } : { is: "float", n };

// Three dots, alone or in a list: not answered yet.
export function isOpenValue(value) {
  if (value.is === "open") return true;
  if (value.is === "dict") return value.pairs.some(([, v]) => v.is === "open");
  return isMany(value) && value.items.some((v) => v.is === "open");
}

const firstSigns = (text, most) =>
  text.length <= most ? text : Array.from(text).slice(0, most).join("");

const PLAIN_OF = {
  none: () => null,
  open: () => "Ellipsis",
  bool: ({ yes }) => yes,
  str: ({ text }) => firstSigns(text, 10 * LONGEST),
  int: ({ n }, words) => (n < HUGE && n > -HUGE ? Number(n) : words.large),
  float: ({ n }) => (Number.isFinite(n) ? n : null),
};

// A value as the journal keeps it: plain JSON.
export function plainValue(value, words, deep = 0) {
  const flat = value.is === "float" && deep > DEEPEST ? undefined : PLAIN_OF[value.is];
  if (flat) return flat(value, words);
  if (deep > DEEPEST) return "...";
  const inner = (v) => plainValue(v, words, deep + 1);
  if (value.is === "dict") {
    const pairs = value.pairs.slice(0, MOST_ITEMS);
    return Object.fromEntries(pairs.map(([k, v]) => [keyText(k), inner(v)]));
  }
  const items = value.is === "set" ? inTextOrder(value.items) : value.items;
  return items.slice(0, MOST_ITEMS).map(inner);
}

const keyText = (key) => String(key.text ?? key.n ?? key.yes ?? key.is);

const inTextOrder = (items) => [...items].sort((a, b) => byCodePoint(keyText(a), keyText(b)));

// A value as it is printed: numbers to four digits, long lists cut short.
export function spokenValue(given, words) {
  const value = marked(given);
  if (value.is === "bool") return value.yes ? words.yes : words.no;
  if (value.is === "int") return spokenWhole(value.n, words);
  if (value.is === "float") return spokenFloat(value.n, words);
  if (value.is === "none") return words.nothing;
  if (value.is === "str") return firstSigns(value.text, LONGEST);
  if (value.is === "dict") {
    const shown = value.pairs.slice(0, 8);
    return shown.map(([k, v]) => `${keyText(k)}: ${spokenValue(v, words)}`).join(", ");
  }
  const items = value.is === "set" ? inTextOrder(value.items) : value.items;
  const shown = items.slice(0, 8).map((v) => spokenValue(v, words));
  return shown.join(", ") + (items.length > 8 ? ", ..." : "");
}

const spokenWhole = (n, words) =>
  n < SPOKEN_WHOLE && n > -SPOKEN_WHOLE ? groupedWhole(n) : words.large;

function spokenFloat(n, words) {
  if (!Number.isFinite(n)) return words.nothing;
  const size = Math.abs(n);
  return size >= 1e4 && size < 1e15 ? fixedPoint(n, 0, true) : generalForm(n, 4);
}

// --- in words -----------------------------------------------------------------------------------

// What kind of thing an answer is, in words.
export function described(value, words) {
  const [key, facts] = seenAs(value, words);
  return saidWith(words.is[key], facts);
}

function seenAs(value, words) {
  if (value.is === "none") return ["nothing", {}];
  if (value.is === "bool") return ["truth", { value: value.yes ? "True" : "False" }];
  if (value.is === "str") return ["text", { text: firstSigns(value.text, 40) }];
  if (isNumberValue(value)) return ["number", { number: spokenValue(value, words) }];
  if (value.is === "dict") return ["names", { count: value.pairs.length }];
  const kinds = new Set(value.items.map(thingOf));
  const facts = { kind: value.is, count: value.items.length };
  if (!kinds.size) return ["empty", facts];
  const things = words.things[kinds.size > 1 ? "mixed" : [...kinds][0]];
  return things ? ["list", { ...facts, things }] : ["empty", facts];
}

const THING_OF = { bool: "truth", str: "text", int: "number", float: "number", none: "nothing" };

const thingOf = (value) => THING_OF[value.is] ?? (isMany(value) ? "list" : "other");

// --- arrays -------------------------------------------------------------------------------------

export class OtherKind extends Error {}

const MOST_INT64 = 2n ** 63n;

function shapeOf(value) {
  if (value.is !== "list" && value.is !== "tuple") return [];
  const shapes = value.items.map(shapeOf);
  if (!shapes.length) return [0];
  const same = shapes.every(
    (s) => s.length === shapes[0].length && s.every((n, k) => n === shapes[0][k]),
  );
  if (!same) throw new OtherKind(); // NumPy makes no array of lists of different lengths
  return [shapes.length, ...shapes[0]];
}

const leavesOf = (value) =>
  value.is === "list" || value.is === "tuple" ? value.items.flatMap(leavesOf) : [value];

function arrayKind(leaves) {
  if (leaves.some((v) => ["dict", "none", "set", "open"].includes(v.is))) return "O";
  if (leaves.some((v) => v.is === "str")) return "U";
  if (leaves.some((v) => v.is === "float") || !leaves.length) return "f";
  if (leaves.some((v) => v.is === "int" && (v.n >= MOST_INT64 || v.n < -MOST_INT64))) return "O";
  return leaves.every((v) => v.is === "bool") ? "b" : "i";
}

// What numpy.asarray makes of an answer: its shape, its kind of numbers, and its parts in a row.
function arrayOf(value) {
  const leaves = leavesOf(value);
  return { shape: shapeOf(value), kind: arrayKind(leaves), leaves };
}

function floatOf(leaf, none) {
  if (leaf.is === "bool") return Number(leaf.yes);
  if (leaf.is === "none" && none !== undefined) return none;
  if (!isNumberValue(leaf)) throw new OtherKind();
  const n = Number(leaf.n);
  if (leaf.is === "int" && !Number.isFinite(n)) throw new OtherKind(); // Python: too large
  return n;
}

// How many numbers an answer holds where one was expected; 0 for anything else.
export function howMany(value, kinds = "if") {
  if (value.is !== "list" && value.is !== "tuple") return 0;
  try {
    const array = arrayOf(value);
    return kinds.includes(array.kind) && array.leaves.length > 1 ? array.leaves.length : 0;
  } catch (error) {
    if (error instanceof OtherKind) return 0;
    throw error;
  }
}

export const numbersIn = (value) => leavesOf(value).map((leaf) => floatOf(leaf));

// One number; OtherKind for anything else, True and False included.
export function oneNumber(value) {
  if (!isNumberValue(value) && value.is !== "list" && value.is !== "tuple") throw new OtherKind();
  const { leaves, kind } = arrayOf(value);
  if (leaves.length !== 1 || "bU".includes(kind)) throw new OtherKind();
  return floatOf(leaves[0]);
}

const sameShape = (a, b) => a.length === b.length && a.every((n, k) => n === b[k]);

function numbersOfShape(value, shape) {
  if (["str", "set", "dict"].includes(value.is)) throw new OtherKind();
  const array = arrayOf(value);
  if ("bU".includes(array.kind)) throw new OtherKind();
  const numbers = array.leaves.map((leaf) => floatOf(leaf, Number.NaN));
  const squeezed = array.shape.filter((n) => n !== 1);
  if (!sameShape(array.shape, shape) && !sameShape(squeezed, shape)) throw new OtherKind();
  return numbers;
}

// --- in the form of the right value -------------------------------------------------------------

const textIn = (value) => {
  if (value.is !== "str") throw new OtherKind();
  return plainText(value.text);
};

// An answer in the form of the right value: numbers in a row, a truth, a text, or texts.
export function readAs(right, value) {
  if (right.kind === "number") return [oneNumber(value)];
  if (right.kind === "numbers") return numbersOfShape(value, right.shape);
  if (right.kind === "truth") return truthIn(value);
  if (right.kind === "text") return textIn(value);
  if (right.kind === "names") return namedNumbers(right.names, value);
  return textsIn(right, value);
}

function truthIn(value) {
  if (value.is !== "bool") throw new OtherKind();
  return value.yes;
}

function namedNumbers(names, value) {
  if (value.is !== "dict" || value.pairs.length !== names.length) throw new OtherKind();
  const found = new Map(value.pairs.filter(([k]) => k.is === "str").map(([k, v]) => [k.text, v]));
  return names.map((name) => {
    if (!found.has(name)) throw new OtherKind();
    return oneNumber(found.get(name));
  });
}

function textsIn(right, value) {
  const single = right.kind === "set" && value.is === "str";
  if (!single && !isMany(value)) throw new OtherKind();
  const texts = (single ? [value] : value.items).map(textIn);
  if (right.kind === "set") return [...new Set(texts)].sort(byCodePoint);
  if (texts.length !== right.values.length) throw new OtherKind();
  return texts;
}

// Whether two answers in that form are the same.
export const sameForm = (a, b) =>
  Array.isArray(a) ? a.length === b.length && a.every((one, n) => one === b[n]) : a === b;

// --- distances ----------------------------------------------------------------------------------

const EQUAL_SHARE = 1e-9; // two computed numbers that differ by less than this share are the same

function roomOf(tolerance, right) {
  if (tolerance.kind === "relative") return tolerance.share * Math.abs(right);
  if (tolerance.kind === "absolute") return tolerance.distance;
  return EQUAL_SHARE * Math.max(Math.abs(right), 1e-300);
}

// How far one number is from another, in tolerances: at most 1 is near enough.
export function stepsApart(tolerance, right, given) {
  if (right === given || (Number.isNaN(right) && Number.isNaN(given))) return 0;
  const steps = Math.abs(right - given) / roomOf(tolerance, right);
  if (Number.isNaN(steps)) return Number.POSITIVE_INFINITY;
  if (tolerance.kind !== "exact") return steps;
  return steps <= 1 ? 0 : Number.POSITIVE_INFINITY;
}

// The same of several numbers: the largest counts.
export const mostSteps = (tolerance, rights, givens) =>
  rights.reduce((most, right, n) => Math.max(most, stepsApart(tolerance, right, givens[n])), 0);
