// Intervals: what the page computes is what labkit.measure.intervals computes.

import assert from "node:assert/strict";
import test from "node:test";
import { intervals, wilson } from "../../../labkit/views/explorers/intervals.js";
import { cases, rows, sameInterval, say } from "./helpers.mjs";

const infer = intervals(cases.rules, say);
const words = (interval) => interval.words;

test("Wilson's interval is that of Python", () => {
  assert.ok(cases.wilson.length > 10);
  for (const one of cases.wilson) {
    const found = wilson(one.errors, one.trials, cases.rules.z);
    sameInterval({ ...found, errors: one.errors, trials: one.trials }, one, JSON.stringify(one));
  }
});

// From scipy 1.17: binomtest(errors, trials).proportion_ci(method="wilson").
rows(
  "wilson",
  (errors, trials) => {
    const { low, high } = wilson(errors, trials, 1.959963984540054);
    return [low.toFixed(5), high.toFixed(5)];
  },
  [
    [["0.00000", "0.03699"], 0, 100],
    [["0.96301", "1.00000"], 100, 100],
    [["0.08066", "0.41602"], 4, 20],
  ],
);

for (const kind of ["pairs", "people"]) {
  test(`intervals by ${kind} are those of Python`, () => {
    const of = {
      pairs: (x) => infer.ofPairs(x),
      people: (x) => infer.ofPeople(x.by_error, x.by_trial, "x"),
    };
    assert.ok(cases[kind].some((x) => x.wanted.words) && cases[kind].some((x) => !x.wanted.words));
    cases[kind].forEach(({ given, wanted }, k) => {
      sameInterval(of[kind](given), wanted, `case ${k}`);
    });
  });
}

const ten = {
  trials: 54,
  errors: 10,
  errorPairs: 10,
  byError: [5, 5, 5, 5],
  byTrial: [27, 27, 27, 27],
};
const town = { errors: 0, trials: 0, errorPairs: 0, personPairs: 6, byError: [], byTrial: [] };

rows("what is said of pairs", (given) => words(infer.ofPairs({ ...town, ...given })), [
  ["no comparison made", {}],
  ["no false match; at most 0.50, from 6 pairs of people", { trials: 54 }],
  ["no false match; at most 1.0, from 2 pairs of people", { trials: 54, personPairs: 2 }],
  [
    "1 false match from 1 pair of people: too few for a rate",
    { trials: 54, errors: 1, errorPairs: 1 },
  ],
  [
    "1,200 false matches from 9 pairs of people: too few for a rate",
    { trials: 5400, errors: 1200, errorPairs: 9 },
  ],
  ["", ten],
]);

const people = (erring, all, each = 1) =>
  Array.from({ length: all }, (_, k) => (k < erring ? each : 0));

rows(
  "what is said of people",
  (errors, trials) => words(infer.ofPeople(errors, trials, "misses")),
  [
    ["nothing to count", [], []],
    ["nothing to count", [0, 0], [0, 0]],
    ["no misses; at most 0.050, from 60 people", people(0, 60), people(60, 60)],
    ["no misses; at most 1.0, from 2 people", [0, 0, 0], [3, 3, 0]],
    ["misses: 18, by 9 of 60 people: too few for a rate", people(9, 60, 2), people(60, 60, 6)],
    ["misses: 29, by 29 of 29 people: too few for a rate", people(29, 29), people(29, 29, 6)],
    ["", people(10, 30), people(30, 30, 6)],
  ],
);

test("ends of an interval stay within 0 and 1", () => {
  const everyone = infer.ofPeople(people(35, 40, 3), people(40, 40, 3), "misses");
  assert.ok(everyone.high <= 1 && everyone.low < everyone.value);
  const rare = infer.ofPeople(people(10, 400, 6), people(400, 400, 6), "misses");
  assert.ok(rare.low >= 0 && rare.value < rare.high);
  const few = { errors: 48, trials: 66, errorPairs: 48, personPairs: 66 };
  const byError = [11, 11, 11, 11, 11, 11, 11, 11, 2, 2, 2, 2];
  const high = infer.ofPairs({ ...few, byError, byTrial: people(12, 12, 11) });
  assert.ok(high.high === 1 && high.low < high.value);
});
