// Numbers as people write them: every formatter by a table, ends and halves included.

import assert from "node:assert/strict";
import test from "node:test";
import { count, language, rounded, significant } from "../../../labkit/views/explorers/words.js";
import { cases, rows, say } from "./helpers.mjs";

rows("count", count, [
  ["0", 0],
  ["1", 0.5],
  ["2", 2.4999],
  ["3", 2.5],
  ["999", 999.4],
  ["1,000", 999.5],
  ["4,129,941", 4129941],
]);

rows("significant", significant, [
  ["0", 0],
  ["1.00", 1],
  ["", NaN],
  ["", Infinity],
  ["0.0100", 0.01],
  ["0.0000140", 0.00001404],
  ["0.000000123", 1.234e-7],
  ["0.100", 0.09996],
  ["0.0999", 0.09994],
  ["1.00", 0.9995],
  ["9.99", 9.994],
  ["10.0", 9.996],
  ["123", 122.5],
  ["123", 123.4],
  ["1230", 1234.4],
  ["-0.384", -0.38364],
  ["0.125", 0.125],
  ["0.13", 0.125, 2],
  ["3", 2.5, 1],
  ["-0.3836", -0.38361, 4],
]);

rows("rounded", rounded, [
  ["1", 1],
  ["10", 9.5],
  ["120", 120.4],
  ["121", 120.5],
  ["999", 999.4],
  ["1,000", 999.5],
  ["1,440", 1435],
  ["1,430", 1434.9],
  ["71,300", 71260],
  ["71,200", 71249],
  ["1,000,000", 999999],
]);

// The table that labkit.measure.reading.in_words is held to.
assert.ok(cases.worded.length > 20);
rows(
  "inWords",
  (rate) => say.inWords(rate ?? NaN),
  cases.worded.map(([rate, text]) => [text, rate]),
);

rows("inWords of what is no rate", say.inWords, [["no rate", Infinity]]);

rows("between", say.between, [
  ["1 in 190 to 1 in 120", 1 / 190, 1 / 120],
  ["0.50 to 1.0 in 100", 0.005, 0.01],
  ["0.69 to 2.6 in 100", 0.0069, 0.0263],
  ["none to 1 in 300", 0, 1 / 300],
]);

// Beside an interval of 100 a rate is of 100 too, and the same ends stand in either form.
rows("rateIn", say.rateIn, [
  ["0.97 in 100", 1 / 103, false],
  ["1 in 103", 1 / 103, true],
  ["1.3 in 100", 0.0125, false],
  ["none", 0, false],
]);

rows("between in the form of its neighbours", say.between, [
  ["0.40 to 0.89 in 100", 1 / 250, 1 / 112, false],
  ["1 in 250 to 1 in 112", 1 / 250, 1 / 112, true],
]);

rows("range", say.range, [
  ["0.00900 to 0.0174", 0.009, 0.01741],
  ["0 to 1.00", 0, 1],
  [" to ", NaN, NaN],
]);

rows("tenName", say.tenName, [
  ["all", 1],
  ["all", 0.5],
  ["1 in 10", 0.1],
  ["1 in 10,000,000", 1e-7],
]);

rows("plural", say.plural, [
  ["0 pairs of people", 0, "pairs_of_people"],
  ["1 pair of people", 1, "pairs_of_people"],
  ["2 pairs of people", 2, "pairs_of_people"],
  ["1,208 pairs of people", 1208, "pairs_of_people"],
]);

test("significant agrees with decimal arithmetic in Python", () => {
  assert.ok(cases.significant.length > 100);
  for (const [x, digits, wanted] of cases.significant) {
    assert.equal(significant(x, digits), wanted, `${x} with ${digits} digits`);
  }
});

test("a sentence takes every value that it names, and no other word is touched", () => {
  const { text } = language({ a: "{x} of {y}: {x}", pair: ["one", "many"] });
  assert.equal(text("a", { x: 0, y: "$&", z: 3 }), "0 of $&: 0");
  assert.throws(() => text("a", { x: 1 }), /needs a value for y/);
});

test("words that Python did not send are noticed", () => {
  const { text, plural } = language({ a: "text", pair: ["one", "many"] });
  assert.throws(() => text("b"), /no sentence "b"/);
  assert.throws(() => text("pair"), /no sentence "pair"/);
  assert.throws(() => plural(1, "a"), /no words to count "a"/);
});
