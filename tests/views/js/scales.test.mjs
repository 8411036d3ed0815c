// Scales, ticks and searches: every one by a table, ends included.

import assert from "node:assert/strict";
import test from "node:test";
import { fitting, guess } from "../../../labkit/views/explorers/axes.js";
import {
  clamp,
  enoughTicks,
  lastWhere,
  linear,
  logarithmic,
  nearest,
  niceTicks,
  steps,
  tens,
} from "../../../labkit/views/explorers/scales.js";
import { near, rows } from "./helpers.mjs";

rows("clamp", clamp, [
  [1, 0, 1, 5],
  [5, 9, 1, 5],
  [3, 3, 1, 5],
  [1, 1, 1, 5],
  [5, 5, 1, 5],
]);

rows("linear(-1, 1, 10, 30)", linear(-1, 1, 10, 30), [
  [10, -1],
  [20, 0],
  [30, 1],
  [35, 1.5],
  [NaN, NaN],
]);

rows("linear that falls", linear(0, 1, 300, 100), [
  [300, 0],
  [250, 0.25],
  [100, 1],
]);

test("a logarithmic scale: equal steps multiply, what is below stands at the left", () => {
  const x = logarithmic(1e-4, 1, 0, 400);
  for (const [value, place] of [
    [1e-4, 0],
    [1e-3, 100],
    [1e-2, 200],
    [0.1, 300],
    [1, 400],
    [Math.sqrt(1e-5), 150],
    [1e-9, 0],
    [0, 0],
    [-1, 0],
  ]) {
    near(x(value) + 1, place + 1, `place of ${value}`);
  }
  assert.ok(Number.isNaN(x(NaN)));
});

function ticksNear(found, wanted) {
  assert.equal(found.length, wanted.length, `${found} against ${wanted}`);
  wanted.forEach((value, k) => {
    near(found[k] + 1, value + 1, `tick ${k}`);
  });
}

for (const [low, high, about, ticks, places] of [
  [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1], 1],
  [0, 1, 4, [0, 0.5, 1], 1],
  [0, 0.25, 5, [0, 0.05, 0.1, 0.15, 0.2, 0.25], 2],
  [0, 0.02, 10, [0, 0.002, 0.004, 0.006, 0.008, 0.01, 0.012, 0.014, 0.016, 0.018, 0.02], 3],
  [-0.9, -0.1, 8, [-0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3, -0.2, -0.1], 1],
  [-0.87, -0.12, 8, [-0.8, -0.7, -0.6, -0.5, -0.4, -0.3, -0.2], 1],
  [3, 97, 2, [50], 0],
  [0, 30, 3, [0, 10, 20, 30], 0],
  [0, 1, 0.2, [0, 1], 0],
]) {
  test(`about ${about} ticks from ${low} to ${high}`, () => {
    const found = niceTicks(low, high, about);
    ticksNear(found.ticks, ticks);
    assert.equal(found.places, places);
  });
}

for (const [low, high, about, ticks] of [
  [-0.89, -0.1, 5, [-0.8, -0.6, -0.4, -0.2]],
  [-0.89, -0.1, 2, [-0.8, -0.6, -0.4, -0.2]],
  [-0.89, -0.1, 1, [-0.8, -0.6, -0.4, -0.2]],
  [0, 1, 1, [0, 0.5, 1]],
]) {
  test(`at least three ticks from ${low} to ${high}, about ${about}`, () => {
    ticksNear(enoughTicks(low, high, about).ticks, ticks);
  });
}

for (const [low, high, ticks] of [
  [1e-4, 1, [1e-4, 1e-3, 1e-2, 0.1, 1]],
  [1e-3, 0.3, [1e-3, 1e-2, 0.1]],
  [2e-3, 0.05, [0.01]],
  [0.2, 0.5, []],
  [1, 1, [1]],
]) {
  test(`powers of ten from ${low} to ${high}`, () => ticksNear(tens(low, high), ticks));
}

for (const [low, high, ticks] of [
  [0.01, 0.1, [0.01, 0.02, 0.05, 0.1]],
  [0.0021, 0.06, [0.005, 0.01, 0.02, 0.05]],
  [0.002, 0.6, [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]],
  [0.001, 0.302, [0.001, 0.01, 0.1]],
]) {
  test(`1, 2 and 5 of every ten from ${low} to ${high}`, () => ticksNear(steps(low, high), ticks));
}

rows("nearest", nearest, [
  [0, [1, 2, 4], -5],
  [0, [1, 2, 4], 1.4],
  [0, [1, 2, 4], 1.5],
  [1, [1, 2, 4], 1.6],
  [2, [1, 2, 4], 9],
  [1, [5, 3, 3], 3],
  [0, [7], 0],
]);

test("lastWhere finds the last place of a run, wherever it ends", () => {
  for (let n = 0; n < 12; n += 1) {
    for (let end = -1; end < n; end += 1) {
      assert.equal(
        lastWhere(n, (k) => k <= end),
        end,
        `${end} of ${n}`,
      );
    }
  }
});

test("lastWhere asks only about places that are there", () => {
  const asked = [];
  lastWhere(9, (k) => asked.push(k) > 0);
  assert.ok(asked.length <= 4 && Math.min(...asked) >= 0 && Math.max(...asked) === 8);
});

rows("guess", guess, [
  [0, ""],
  [70, "ten letter"],
]);

rows("fitting", fitting, [
  ["a long one", ["a long one", "short"], 100],
  ["short", ["a long one", "short"], 65],
  ["short", ["a long one", "short"], 10],
]);
