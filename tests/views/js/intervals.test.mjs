// Intervals: what the page computes is what labkit.measure.intervals computes.

import assert from "node:assert/strict";
import test from "node:test";
import { bounds, intervals, student, wilson } from "../../../labkit/views/explorers/intervals.js";
import { cases, near, rows, sameInterval, say } from "./helpers.mjs";

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

test("Wilson's interval ends at 0 and at 1 to the last bit", () => {
  for (let trials = 1; trials < 40_000; trials += 7) {
    assert.equal(wilson(0, trials, cases.rules.z).low, 0, `none of ${trials}`);
    assert.equal(wilson(trials, trials, cases.rules.z).high, 1, `all of ${trials}`);
  }
});

test("Student's t is that of scipy, for any degrees of freedom", () => {
  assert.ok(cases.student.length > 600);
  for (const [freedom, t] of cases.student) {
    near(student(cases.rules.student, freedom), t, `t of ${freedom}`);
  }
  near(student(cases.rules.student, Infinity), cases.rules.z, "the normal one");
});

rows("bounds", bounds, [
  [{ most: "1.0", least: "0" }, 1],
  [{ most: "1.0", least: "0" }, 3],
  [{ most: "0.050", least: "0.9500" }, 60],
  [{ most: "0.10", least: "0.9000" }, 30],
  [{ most: "0.047", least: "0.9538" }, 65],
  [{ most: "0.000027", least: "0.9999" }, 114960],
]);

// The words with # for every number: what kinds of them there are.
const kinds = (list) => new Set(list.map((x) => x.wanted.words.replaceAll(/[\d.,]*\d/g, "#")));

for (const kind of ["pairs", "people"]) {
  test(`intervals by ${kind} are those of Python`, () => {
    const of = {
      pairs: (x) => infer.ofPairs(x),
      people: (x) => infer.ofPeople(x.by_error, x.by_trial, "errors"),
    };
    assert.equal(kinds(cases[kind]).size, 7, "an interval, and six sentences instead of one");
    cases[kind].forEach(({ given, wanted }, k) => {
      sameInterval(of[kind](given), wanted, `case ${k}`);
    });
  });
}

const people = (erring, all, each = 1) =>
  Array.from({ length: all }, (_, k) => (k < erring ? each : 0));

// Ten pairs of people: four people in five false matches each, and so many who are in none.
const ten = (all) => ({
  trials: 27 * all,
  errors: 10,
  errorPairs: 10,
  byError: people(4, all, 5),
  byTrial: people(all, all, 54),
});
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
  ["10 false matches from 9 pairs of people: too few for a rate", { ...ten(60), errorPairs: 9 }],
  ["59 people: too few for an interval, which takes 60", ten(59)],
  [
    "59 people: too few for an interval, which takes 60",
    { ...ten(60), byTrial: people(59, 60, 54) },
  ],
  ["", ten(60)],
  ["all 5,400 comparisons match", { trials: 5400, errors: 5400, errorPairs: 600 }],
  [
    "no interval: every person has the same share of errors",
    { ...ten(60), errors: 30, errorPairs: 30, byError: people(60, 60) },
  ],
]);

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
    ["misses: 9, by 9 of 30 people: too few for a rate", people(9, 30), people(30, 30, 6)],
    ["", people(10, 30), people(30, 30, 6)],
    ["", people(20, 30, 6), people(30, 30, 6)],
    [
      "nothing but misses in 21 of 30 people: the others are too few",
      people(21, 30, 6),
      people(30, 30, 6),
    ],
    ["nothing but misses; at least 0.9000, from 30 people", people(30, 30), people(30, 30)],
    [
      "no interval: every person has the same share of misses",
      people(30, 30, 2),
      people(30, 30, 6),
    ],
  ],
);

test("ends of an interval stay within 0 and 1", () => {
  const everyone = infer.ofPeople(people(390, 400, 3), people(400, 400, 3), "misses");
  assert.ok(everyone.value < everyone.high && everyone.high < 1 && everyone.low < everyone.value);
  const rare = infer.ofPeople(people(10, 400, 6), people(400, 400, 6), "misses");
  assert.ok(0 < rare.low && rare.low < rare.value && rare.value < rare.high);
  const most = { errors: 1700, trials: 1770, errorPairs: 1700, personPairs: 1770 };
  const byError = people(58, 60, 58).with(58, 36).with(59, 0);
  const high = infer.ofPairs({ ...most, byError, byTrial: people(60, 60, 59) });
  assert.ok(high.high === 1 && high.low < high.value);
});
