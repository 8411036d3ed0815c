// Runs the judge of the pages on many answers at once.
//
// In: a JSON file whose name stands in LABKIT_CASES: where the modules are, exercises and sentences,
// and questions to them.  Out: the answers to all questions, as JSON, on standard output.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const cases = JSON.parse(readFileSync(process.env.LABKIT_CASES, "utf-8"));
const from = (name) => import(`${pathToFileURL(cases.scripts)}/${name}.js`);
const formats = await from("formats");
const texts = await from("texts");
const pythonic = await from("pythonic");
const literals = await from("literals");
const slips = await from("slips");
const values = await from("values");
const guesses = await from("guesses");
const judging = await from("judge");

// Whole numbers travel as text, numbers that JSON does not know by their names.
function unpacked(value) {
  if (value.is === "int") return { is: "int", n: BigInt(value.n) };
  if (value.is === "float")
    return { ...value, n: typeof value.n === "string" ? Number(value.n) : value.n };
  if (value.items) return { ...value, items: value.items.map(unpacked) };
  if (value.pairs) return { ...value, pairs: value.pairs.map((pair) => pair.map(unpacked)) };
  return value;
}

const packed = (value) =>
  JSON.parse(
    JSON.stringify(value, (_, one) => {
      if (typeof one === "bigint") return String(one);
      return typeof one === "number" && !Number.isFinite(one) ? String(one) : one;
    }) ?? "null",
  );

function judged({ id, value, typed, tries, words }) {
  const exercise = cases.exercises[words][id];
  const answer = typed === undefined ? unpacked(value) : literals.read(typed, exercise);
  return judging.judge(exercise, answer, tries, cases.words[words]);
}

const asFloat = (x) => (typeof x === "string" ? Number(x) : x);

const answerTo = {
  judge: judged,
  constant: ({ text }) => packed(pythonic.constantOf(text)),
  code: ({ text }) => pythonic.isCode(text),
  read: ({ typed, id }) => packed(literals.read(typed, id ? cases.exercises.page[id] : null)),
  guess: ({ value, low, high, whole }) => {
    const { kept, remarks } = guesses.guessOf(
      unpacked(value),
      low,
      high,
      whole,
      cases.words.notebook,
    );
    return { kept, remarks };
  },
  typedGuess: ({ typed, low, high, whole }) => {
    const { kept, remarks } = guesses.readGuess(typed, low, high, whole, cases.words.page);
    return { kept, remarks };
  },
  apart: ({ guess, value }) => guesses.apart(guess, value, cases.words.notebook),
  spoken: ({ value }) => values.spokenValue(unpacked(value), cases.words.notebook),
  numberIn: ({ text }) => slips.numberInText(text) ?? null,
  closest: ({ text, known }) => texts.closestText(text, known) ?? null,
  namesIn: ({ text, known }) => judging.namesIn(text, known),
  reprText: ({ text }) => formats.reprText(text),
  formats: ({ x }) => {
    const n = asFloat(x);
    return [
      formats.reprFloat(n),
      formats.fixedPoint(n, 0, true),
      formats.fixedPoint(n, 1, true),
      formats.fixedPoint(n, 3),
      formats.generalForm(n),
      formats.generalForm(n, 6, true),
      formats.generalForm(n, 3),
      formats.generalForm(n, 4),
      formats.generalForm(n, 2),
    ];
  },
  rounded: ({ x, places }) => formats.reprFloat(formats.roundHalfEven(asFloat(x), places)),
};

const answers = cases.questions.map(({ ask, ...facts }) => {
  try {
    return answerTo[ask](facts);
  } catch (error) {
    return { error: String(error.stack) };
  }
});
process.stdout.write(JSON.stringify(answers));
