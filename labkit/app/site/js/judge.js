// An answer to an exercise, judged in words: as labkit/learning/checks.py.
//
// In: an exercise as labkit.app.site.exercises exports it, an answer as literals.js read it, the
// attempts that the journal holds already, and the sentences.  Out: the verdict with its words.

import { generalForm, saidWith } from "./formats.js";
import { isCode } from "./pythonic.js";
import {
  isAlike,
  isCommaFraction,
  isNear,
  isRounded,
  isWithin,
  meantNumber,
  slipOfNumber,
  slipOfNumbers,
  slipSentence,
} from "./slips.js";
import {
  byCodePoint,
  casefolded,
  closestText,
  plainText,
  spacedParts,
  strippedOf,
} from "./texts.js";
import {
  described,
  howMany,
  isMany,
  isNumberValue,
  isOpenValue,
  marked,
  mostSteps,
  numbersIn,
  OtherKind,
  oneNumber,
  plainValue,
  readAs,
  sameForm,
  spokenValue,
  stepsApart,
} from "./values.js";

const NEAR_SHARE = 0.1; // share of the right value within which a wrong one is near
const STUCK = 3; // answers of the wrong kind after which the general hint is said
const EXACT = { kind: "exact" };
const HELD = 1e-6; // share by which one of many numbers may differ from the right one

const orElse = (make, other) => {
  try {
    return make();
  } catch (error) {
    if (error instanceof OtherKind) return other;
    throw error;
  }
};

// Judge an answer.
//
// exercise: one of exported()["exercises"]; answer: from literals.js read(), or plain JavaScript;
// tries: the journal's attempts at it, or null to keep nothing; words: exported()["words"].
//
// Gives title, words, right, mistake, answered, counts (whether it was of the kind asked for),
// note (how the answer was read), entry (to append to the tries, or null), kept (its answer) and
// again (true where the journal holds that entry already).
export function judge(exercise, answer, tries, words) {
  const value = marked(answer);
  const asked = new Asked(exercise, words, tries);
  const said = { choose: chosenVerdict, write: writtenVerdict, check: checkedVerdict }[
    exercise.kind
  ];
  const found = {
    mistake: "",
    counts: true,
    answered: true,
    entry: null,
    again: false,
    ...said(asked, value),
  };
  const title = saidWith(words.texts[found.verdict], { id: exercise.id, ...found.facts });
  const note = value.readAs && found.answered ? saidWith(words.texts["read as"], value.readAs) : "";
  return {
    title,
    words: found.words,
    right: found.verdict === "right" || Boolean(found.right),
    mistake: found.mistake,
    answered: found.answered,
    counts: found.counts,
    note,
    entry: tries ? found.entry : null,
    kept: tries && found.entry ? found.entry.answer : null,
    again: found.again,
  };
}

// One exercise with its sentences, and the attempts so far.
class Asked {
  constructor(exercise, words, tries) {
    this.exercise = exercise;
    this.words = words;
    this.tries = tries;
  }

  text(key, facts) {
    return saidWith(this.words.texts[key], facts);
  }

  // The sentence for what was typed without quotation marks, where there is one.
  bare(key, value) {
    return value.bare && `${key} bare` in this.words.texts ? `${key} bare` : key;
  }

  slip(key, facts, value = {}) {
    const bare = value.bare && `${key} bare` in this.words.slips ? `${key} bare` : key;
    return slipSentence(this.words, bare, facts);
  }

  // The entry for the journal, and how many different wrong answers there have been with it.
  attempt(answer, right, mistake, counts) {
    const entry = { answer, right, mistake, counts };
    if (!this.tries) return { entry, count: 1, again: false };
    const again = this.tries.some((t) => sameJson(t.answer, answer) && t.right === right);
    const all = again ? this.tries : [...this.tries, entry];
    const count = all.filter((t) => !t.right && (t.counts ?? true) === counts).length;
    return { entry, count, again };
  }
}

function sameJson(a, b) {
  if (typeof a === "boolean" || typeof b === "boolean") {
    return (
      a === b || (typeof a !== typeof b && [a, b].every(isPlainNumber) && Number(a) === Number(b))
    );
  }
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => k in b && sameJson(a[k], b[k]));
}

const isPlainNumber = (value) => typeof value === "boolean" || typeof value === "number";

const openVerdict = (words) => ({ verdict: "open", words, answered: false });

// --- values -------------------------------------------------------------------------------------

function checkedVerdict(asked, value) {
  const { exercise } = asked;
  if (isOpenValue(value)) return notAnswered(asked);
  const found =
    exercise.right.kind === "function" ? judgedCases(asked, value) : judgedValue(asked, value);
  return found.open ? notAnswered(asked) : withHints(asked, found, value);
}

function notAnswered(asked) {
  const until = asked.exercise.goes_on ? asked.text("until then") : "";
  return openVerdict([asked.text("to do"), until].filter(Boolean).join(" "));
}

const passed = (words = "") => ({ right: true, usable: true, words, mistake: "", hint: "" });
const missed = (words, mistake = "") => ({ right: false, usable: true, words, mistake, hint: "" });
const unusable = (words, mistake = "kind", hint = "") => ({
  right: false,
  usable: false,
  words,
  mistake,
  hint,
});

const mistaken = (mistake, more = "") => ({
  ...missed("", mistake.name),
  hint: `${mistake.hint} ${more}`.trim(),
});

function judgedValue(asked, value) {
  const { exercise } = asked;
  const right = exercise.right;
  const given = orElse(() => readAs(right, value));
  if (given === undefined) return ofOtherKind(asked, value);
  if (["number", "numbers", "names"].includes(right.kind)) {
    if (given.some(Number.isNaN) && !right.missing) {
      return unusable(asked.text("nan", { expected: exercise.expects }), "not a number");
    }
    return judgedNumbers(asked, given);
  }
  if (sameForm(right.form, given)) return passed();
  const mistake = exercise.mistakes.find((m) => fitsRight(m, right) && sameForm(m.form, given));
  if (mistake) return mistaken(mistake);
  const strange = misspelt(asked, value);
  if (strange) return missed(strange, "misspelt");
  const part = right.kind === "set" || right.kind === "texts" ? "part" : "";
  return missed(direction(asked, given), part);
}

const fitsRight = (mistake, right) =>
  mistake.kind === right.kind &&
  mistake.shape.length === right.shape.length &&
  mistake.shape.every((n, k) => n === right.shape[k]);

// Numbers: right, a mistake with a name, a slip of writing, or only a direction.
//
// What is equal comes first, then what is the same but rounded, then what is near; of what is
// right and what is mistaken the nearer counts.
function judgedNumbers(asked, given) {
  const { exercise } = asked;
  const targets = [exercise.right, ...exercise.also].map(({ values }) => values);
  if (targets.some((one) => mostSteps(EXACT, one, given) <= 1)) return passed();
  const { close, rounded, own, within } = nearTo(exercise, targets, given);
  const [mistake, far] = closestMistake(exercise, given, rounded ? "equal" : "near");
  const pass = passed(close ? "" : asked.text("rounded"));
  if (rounded && far > 1) return pass;
  const named = mistake && mistaken(mistake, moreDigits(asked, own));
  const nearer = far < Math.min(...targets.map((one) => gapTo(one, given)));
  if (named && (rounded || nearer)) return named;
  return close || within ? pass : (named ?? slipped(asked, given, own));
}

const moreDigits = (asked, own) =>
  own ? asked.text("or rounded", { digits: asked.exercise.digits + 1 }) : "";

// In which ways an answer is near to what is right; where it must be exact, in none but one.
function nearTo({ tolerance, digits }, targets, given) {
  const any = (fits) => targets.some(fits);
  const close = any((one) => mostSteps(tolerance, one, given) <= 1);
  if (tolerance.kind === "exact") return { close, rounded: false, own: false, within: false };
  return {
    close,
    rounded: any((one) => isRounded(one, given, digits)),
    own: any((one) => isRounded(one, given, 1)),
    within: any((one) => isWithin(one, given, digits)),
  };
}

function slipped(asked, given, own) {
  const { exercise } = asked;
  const { right, digits, unit } = exercise;
  const slip = slipIn(exercise, given);
  if (slip) {
    const facts = slip === "above one" ? { number: given[0] / 100, right: right.values[0] } : {};
    return missed(asked.slip(slip, { unit, ...facts }), slip);
  }
  if (own) return missed(asked.text("digits", { digits }), "digits");
  return missed(direction(asked, given));
}

function slipIn({ right, unit, parts, tolerance }, given) {
  if (right.kind !== "number") return slipOfNumbers(right.values, given);
  return slipOfNumber(right.values[0], given[0], {
    unit,
    parts,
    exact: tolerance.kind === "exact",
  });
}

function gapTo(values, given) {
  const gaps = values.map((v, n) => Math.abs(v - given[n])).filter((g) => !Number.isNaN(g));
  return gaps.length ? Math.max(...gaps) : values.length ? Number.NaN : 0;
}

// The named mistake that lies nearest to an answer, and how far.
function closestMistake(exercise, given, how) {
  let [closest, least] = [undefined, Number.POSITIVE_INFINITY];
  for (const mistake of exercise.mistakes) {
    if (!fitsRight(mistake, exercise.right) || !mistake.values) continue;
    const far =
      how === "equal"
        ? mostSteps(EXACT, mistake.values, given)
        : nearMistake(exercise, mistake, given);
    if (far < least) [closest, least] = [mistake, far];
  }
  return [closest, least];
}

function nearMistake({ tolerance }, { values }, given) {
  const close = mostSteps(tolerance, values, given) <= 1;
  const same = tolerance.kind !== "exact" && isRounded(values, given, 2);
  return close || same ? gapTo(values, given) : Number.POSITIVE_INFINITY;
}

// --- answers of another kind --------------------------------------------------------------------

function ofOtherKind(asked, value) {
  const { exercise } = asked;
  const right = exercise.right;
  let told = kindTold(asked, value);
  if (value.is === "str" && isCode(value.text)) return unusable(`${asked.slip("code")} ${told}`);
  if (value.is === "none") return unusable(`${asked.text("print")} ${told}`);
  if (right.kind === "number") return noNumber(asked, value, told);
  if (["texts", "set"].includes(right.kind) && isMany(value)) {
    const odd = value.items.find((one) => one.is !== "str");
    if (odd) told += ` ${asked.text("no text", { given: described(odd, asked.words) })}`;
    return unusable(told);
  }
  const end = oneEnd(right, value);
  if (end) told += ` ${asked.text("one end", end)}`;
  return unusable(told);
}

const kindTold = (asked, value) =>
  asked.text(asked.bare("kind", value), {
    given: described(value, asked.words),
    expected: asked.exercise.expects,
  });

function oneEnd(right, value) {
  if (right.kind !== "numbers" && right.kind !== "names") return undefined;
  const one = orElse(() => oneNumber(value));
  if (one === undefined) return undefined;
  const fits = right.values.map((v) => isAlike([v], [one]));
  return fits.includes(true) ? { item: fits.indexOf(true) + 1, all: fits.length } : undefined;
}

function noNumber(asked, value, told) {
  const meant = meantNumber(value, asked.exercise.right.values[0]);
  if (meant && !holdsRight(asked.exercise, value)) return meantWorth(asked, value, ...meant);
  let more = howToMakeOne(asked, value);
  if (isCommaFraction(value)) more = asked.slip("fraction", { count: value.items.length });
  return unusable(`${more} ${told}`.trim());
}

// A number in quotes or with commas: what to write, and what the number is worth.
function meantWorth(asked, value, slip, number) {
  const count = value.is === "tuple" ? value.items.length : 1;
  const told = asked.slip(slip, { number, count }, value);
  const inner = judgedValue(asked, { is: "float", n: number });
  const worth = inner.right ? asked.text("number right") : inner.words;
  return unusable(`${told} ${worth}`.trim(), inner.mistake || "kind", inner.hint);
}

// How one number is made from many; empty when the answer does not hold many.
function howToMakeOne(asked, value) {
  const truths = howMany(value, "b");
  if (truths) return asked.text("truths", { count: truths });
  const count = howMany(value);
  if (!count) return "";
  const place = holdsRight(asked.exercise, value) || asked.exercise.unit === "score";
  return asked.text(place ? "one of" : "many", { count });
}

const holdsRight = ({ right }, value) =>
  howMany(value) > 0 && numbersIn(value).some((n) => isNear(n, right.values[0], HELD));

// --- words of an answer -------------------------------------------------------------------------

// What is said to each text of an answer that is none of those offered; empty if all are.
function misspelt(asked, value) {
  const among = asked.exercise.among;
  if (!among.length) return "";
  const texts = value.is === "str" ? [value] : value.items;
  const known = new Map(among.map((name) => [plainText(name), name]));
  const strange = texts.filter((t) => !known.has(plainText(t.text)));
  strange.sort((a, b) => byCodePoint(a.text, b.text));
  return strange.map((t) => strangeSaid(asked, t, value.bare ? value : t, known)).join(" ");
}

function strangeSaid(asked, { text }, typed, known) {
  const names = namesIn(text, asked.exercise.among);
  if (names.length > 1) {
    const key = partsOfText(text).length ? "own quotes" : "no comma";
    const list = typed.bare ? names.join(", ") : `[${names.map(reprName).join(", ")}]`;
    return asked.text(asked.bare(key, typed), { names: list });
  }
  return asked.text("unknown text", { text }) + nearSaid(asked, plainText(text), known);
}

const reprName = (name) => saidWith("{name!r}", { name });

function nearSaid(asked, text, known) {
  const near = closestText(text, [...known.keys()]);
  return near === undefined ? "" : ` ${asked.text("meant", { near: known.get(near) })}`;
}

const PART_EDGES = " .'\"";

// The parts of a text that holds several, or nothing.
function partsOfText(text) {
  const split = text.split(/[,;\n]|(?<![\p{L}\p{N}_])and(?![\p{L}\p{N}_])|&/u);
  const parts = split.filter((part) => strippedOf(part, PART_EDGES));
  return parts.length > 1 ? parts : [];
}

// The names that a text holds, also where commas stand inside the quotes or are missing.
export function namesIn(text, known) {
  const spelled = new Map(known.map((name) => [plainText(name), name]));
  const plain = plainText(text);
  if (spelled.has(plain)) return [spelled.get(plain)];
  const parts = partsOfText(text);
  if (parts.length) {
    const found = parts.map((part) =>
      closestText(plainText(strippedOf(part, PART_EDGES)), [...spelled.keys()]),
    );
    return found.includes(undefined) ? [] : found.map((name) => spelled.get(name));
  }
  return namesInARow(plain, spelled);
}

function namesInARow(plain, spelled) {
  const escaped = [...spelled.keys()].map((name) => name.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"));
  if (!escaped.length) return [];
  const one = escaped.sort((a, b) => b.length - a.length).join("|");
  if (!new RegExp(`^(?:(?:${one})\\s*)+$`).test(plain)) return [];
  return [...plain.matchAll(new RegExp(one, "g"))].map(([name]) => spelled.get(name));
}

// Where a wrong answer of the right kind lies.
function direction(asked, given) {
  const { right, tolerance } = asked.exercise;
  if (right.kind === "number") return sideOf(asked, right.values[0], given[0]);
  if (right.kind === "set") {
    const own = right.form.filter((text) => given.includes(text)).length;
    return asked.text("set", { right: own, given: given.length, missing: right.form.length - own });
  }
  if (right.kind === "texts") {
    const same = right.form.map((text, n) => text === given[n]);
    return asked.text("item", { ...countedRight(same), item: same.indexOf(false) + 1 });
  }
  if (right.kind === "numbers" || right.kind === "names") {
    const good = right.values.map((v, n) => stepsApart(tolerance, v, given[n]) <= 1);
    const first = Math.max(good.indexOf(false), 0);
    const side = given[first] > right.values[first] ? "high" : "low";
    const named = right.kind === "names";
    const item = named ? right.names[first] : first + 1;
    return asked.text(`${named ? "name" : "item"} ${side}`, { ...countedRight(good), item });
  }
  return asked.text("different");
}

const countedRight = (good) => ({ right: good.filter(Boolean).length, all: good.length });

function sideOf(asked, right, given) {
  const told = asked.text(given > right ? "high" : "low");
  const near = Math.abs(given - right) <= NEAR_SHARE * Math.abs(right);
  return near ? `${told} ${asked.text("near")}` : told;
}

// --- functions ----------------------------------------------------------------------------------

// A function's results for some inputs, as a list: what it would give for each.
function judgedCases(asked, value) {
  const { cases } = asked.exercise;
  if (!isMany(value) || value.items.length !== cases.length) {
    return unusable(kindTold(asked, value));
  }
  const given = [];
  for (const [n, raw] of value.items.entries()) {
    if (isOpenValue(raw) || raw.is === "none") return { open: true };
    const read = orElse(() => readAs(cases[n].right, raw));
    if (read === undefined) return caseOfOtherKind(asked, cases[n], raw);
    given.push(read);
  }
  return comparedCases(asked, given);
}

function caseOfOtherKind(asked, { call, right, expects }, raw) {
  const facts = { given: described(raw, asked.words), call, expected: expects };
  const told = asked.text("case kind", facts);
  return unusable(right.kind === "truth" ? `${asked.text("truth")} ${told}`.trim() : told);
}

function comparedCases(asked, given) {
  const { cases, tolerance, mistakes } = asked.exercise;
  const good = cases.map(({ right }, n) => fitsCase(tolerance, right, given[n]));
  if (good.every(Boolean)) return passed();
  const mistake = nearestCases(mistakes, tolerance, cases, given);
  if (mistake) return mistaken(mistake);
  const first = good.indexOf(false);
  return missed(
    asked.text("case", {
      ...countedRight(good),
      call: cases[first].call,
      given: caseSpoken(given[first], asked.words),
      expected: cases[first].spoken,
    }),
  );
}

const caseSpoken = (form, words) => {
  const one = Array.isArray(form) && form.length === 1 ? form[0] : form;
  return spokenValue(typeof one === "number" ? { is: "float", n: one } : one, words);
};

const caseSteps = (tolerance, right, form) =>
  right.values
    ? mostSteps(tolerance, right.values, form)
    : sameForm(right.form, form)
      ? 0
      : Number.POSITIVE_INFINITY;

const fitsCase = (tolerance, right, form) => caseSteps(tolerance, right, form) <= 1;

function nearestCases(mistakes, tolerance, cases, given) {
  let [nearest, least] = [undefined, Number.POSITIVE_INFINITY];
  for (const mistake of mistakes) {
    const steps = mistake.outputs.map((output, n) =>
      fitsRight(output, cases[n].right)
        ? caseSteps(tolerance, output, given[n])
        : Number.POSITIVE_INFINITY,
    );
    const far = Math.max(...steps);
    if (far < least) [nearest, least] = [mistake, far];
  }
  return least <= 1 ? nearest : undefined;
}

// --- the words for a value ----------------------------------------------------------------------

// The sentences for an answer: what was seen, and the hint that is due.
function withHints(asked, found, value) {
  const { exercise } = asked;
  const kept = plainValue(value, asked.words);
  const { entry, count, again } = asked.attempt(kept, found.right, found.mistake, found.usable);
  const base = { entry, again, counts: found.usable, mistake: found.mistake };
  if (found.right) {
    const next = exercise.goes_on ? asked.text(found.words ? "all digits" : "yours") : "";
    return { ...base, verdict: "right", words: `${found.words} ${next}`.trim() };
  }
  const parts = [found.words, found.hint, dueHint(asked, found, count)];
  if (exercise.goes_on) parts.push(asked.text("lab's"));
  return { ...base, verdict: "wrong", words: parts.filter(Boolean).join("\n") };
}

function dueHint(asked, found, count) {
  const { hint, way } = asked.exercise;
  if (found.usable && count > 2) return asked.text("way", { text: way });
  if (found.usable && count === 2)
    return asked.text(found.hint ? "second hint" : "hint", { text: hint });
  return !found.usable && count >= STUCK ? asked.text("hint", { text: hint }) : "";
}

// --- options ------------------------------------------------------------------------------------

const listedOptions = (asked) =>
  asked.exercise.options.map(({ name }) => asked.text("option", { option: name }));

function chosenVerdict(asked, value) {
  const { exercise } = asked;
  if (isOpenValue(value)) {
    return openVerdict([asked.text("choose"), ...listedOptions(asked)].join("\n"));
  }
  const chosen = optionsIn(exercise.options, value);
  if (!chosen.length) {
    const words = [noOption(asked, value), ...listedOptions(asked)].join("\n");
    return { verdict: "wrong", words, mistake: "kind", counts: false };
  }
  const names = chosen.map(({ name }) => name).join(", ");
  const right = chosen.every(({ name }) => exercise.best.includes(name));
  const { entry, again } = asked.attempt(names, right, "", true);
  const words = feedbackOf(asked, chosen, right);
  const mistake = right ? "" : names;
  return { verdict: "chosen", facts: { option: names }, words, right, mistake, entry, again };
}

function feedbackOf(asked, chosen, right) {
  if (chosen.length === 1) return `${chosen[0].feedback} ${asked.text(right ? "passed" : "again")}`;
  const lines = chosen.map(({ name, feedback }) =>
    asked.text("answered", { option: name, feedback }),
  );
  return (right ? [...lines, asked.text("passed")] : [asked.text("one at a time"), ...lines]).join(
    "\n",
  );
}

// A text without what does not matter: capitals, spaces, a full stop, quotation marks.
const optionKey = (text) => spacedParts(strippedOf(casefolded(text), " .!?'\"")).join(" ");

// The options that an answer names, each once; none when a part of it is no option.
function optionsIn(options, value) {
  const known = new Map(options.map((option) => [optionKey(option.name), option]));
  const texts = value.is === "str" ? [value] : isMany(value) ? value.items : [];
  if (!texts.length || texts.some((t) => t.is !== "str")) return [];
  const whole = optionKey(texts.map((t) => t.text).join(", "));
  if (known.has(whole)) return [known.get(whole)];
  const found = texts.map((t) => known.get(optionKey(t.text)));
  if (found.includes(undefined)) return [];
  return value.is === "set" ? options.filter((o) => found.includes(o)) : [...new Set(found)];
}

// What to say to an answer that is no option: what it is, and what it may have meant.
function noOption(asked, value) {
  const { options } = asked.exercise;
  const told = asked.text(asked.bare("no option", value), { given: described(value, asked.words) });
  if (value.is === "int" && value.n >= 1n && value.n <= BigInt(options.length)) {
    const near = options[Number(value.n) - 1].name;
    return `${asked.text("meant", { near })} ${told}`;
  }
  if (value.is !== "str") return told;
  const named = options.map(({ name }) => name).filter((name) => standsIn(value.text, name));
  if (named.length > 1) return `${asked.text("one name")} ${told}`;
  if (named.length) return `${asked.text("meant", { near: named[0] })} ${told}`;
  const known = new Map(options.map(({ name }) => [optionKey(name), name]));
  return `${nearSaid(asked, optionKey(value.text), known).trim()} ${told}`.trim();
}

const isWordSign = (sign) => sign !== undefined && /[\p{L}\p{N}_]/u.test(sign);

// Whether a name stands in a text as a word of its own.
function standsIn(text, name) {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isWordSign(text[at - 1]) && !isWordSign(text[at + name.length])) return true;
  }
  return false;
}

// --- texts that are judged by whoever wrote them ------------------------------------------------

function writtenVerdict(asked, value) {
  const { exercise } = asked;
  const listed = exercise.questions.map((question) => asked.text("question", { question }));
  if (isOpenValue(value)) {
    return openVerdict([asked.text("write open", { id: exercise.id }), ...listed].join("\n"));
  }
  const ticks = ticksIn(value, asked.words);
  if (!ticks) {
    const given = described(value, asked.words);
    const words = [asked.text("write bad", { given }), ...listed].join("\n");
    return { verdict: "wrong", words, mistake: "kind", counts: false };
  }
  const right = ticks.every(Boolean);
  const kept = ticks.map((tick) => (tick ? "yes" : "no"));
  const { entry, again } = asked.attempt(kept, right, "", true);
  const lines = exercise.questions.map((question, n) => asked.text(kept[n], { question }));
  if (!right) lines.push(asked.text("write more"));
  const facts = { count: ticks.filter(Boolean).length };
  return {
    verdict: "ticks",
    facts,
    words: lines.join("\n"),
    right,
    mistake: right ? "" : "no",
    entry,
    again,
  };
}

// Three answers as yes or no; nothing when they cannot be read.
function ticksIn(value, { yeses, noes }) {
  const parts = tickParts(value);
  const said = parts.map((part) => casefolded(part).trim());
  if (said.length !== 3 || said.some((w) => !yeses.includes(w) && !noes.includes(w)))
    return undefined;
  return said.map((w) => yeses.includes(w));
}

function tickParts(value) {
  if (value.is === "str") return spacedParts(value.text.replaceAll(",", " "));
  if (isMany(value)) return value.items.map(tickText);
  return value.is === "dict" ? value.pairs.map(([key]) => tickText(key)) : [];
}

function tickText(value) {
  if (value.is === "bool") return value.yes ? "True" : "False";
  if (isNumberValue(value)) return value.is === "int" ? String(value.n) : generalForm(value.n);
  return value.text ?? "";
}
