// What the tests of the explorers' JavaScript share.  LABKIT_CASES names a file that
// tests/views/test_javascript.py has written: inputs and what labkit computes from them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { unpack } from "../../../labkit/views/explorers/data.js";
import { language } from "../../../labkit/views/explorers/words.js";

export const cases = JSON.parse(readFileSync(process.env.LABKIT_CASES, "utf-8"));
export const say = language(cases.words);

// A block of data as the page gets it.
export function block(base64) {
  const bytes = Buffer.from(base64, "base64");
  return unpack(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function inShort(x) {
  const text = JSON.stringify(x) ?? String(x);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

// One test for each row [result, ...arguments] of a table.
export function rows(name, of, table) {
  for (const [wanted, ...given] of table) {
    test(`${name}(${given.map(inShort).join(", ")})`, () => {
      assert.deepEqual(of(...given), wanted);
    });
  }
}

// Within 1e-9 of each other, relative; null stands for what is no number.
export function near(found, wanted, what) {
  if (wanted === null) assert.ok(Number.isNaN(found), `${what}: ${found} is a number`);
  else if (wanted === 0) assert.ok(Math.abs(found) < 1e-12, `${what}: ${found} is not 0`);
  else assert.ok(Math.abs(found / wanted - 1) < 1e-9, `${what}: ${found} is not ${wanted}`);
}

const BOUND = /at (most|least) ([\d.]+)/;

// The same words, but for plurals, commas in numbers, and how many digits of a bound are shown.
export function sameWords(found, wanted, what) {
  const plain = (words) =>
    words
      .replaceAll(/(?<=\d),(?=\d{3})/g, "")
      .replaceAll(/\b1 (pairs of people|false matches|people)\b/g, (_, many) => `1 ${ONE[many]}`)
      .replace(BOUND, "at $1 bound");
  assert.equal(plain(found), plain(wanted), what);
  const [mine, theirs] = [found, wanted].map((words) => Number(BOUND.exec(words)?.[2] ?? 0));
  const away = found.includes("at least") ? theirs - mine : mine - theirs;
  assert.ok(-6e-5 < away && away < 0.1 * theirs + 1e-4, `${what}: ${found} is not ${wanted}`);
}

const ONE = {
  "pairs of people": "pair of people",
  "false matches": "false match",
  people: "person",
};

// An interval as labkit.measure.intervals gives it: value, ends, counts, words and the short ones.
export function sameInterval(found, wanted, what) {
  for (const key of ["value", "low", "high"]) near(found[key], wanted[key], `${what}, ${key}`);
  for (const key of ["errors", "trials"]) assert.equal(found[key], wanted[key], `${what}, ${key}`);
  sameWords(found.words, wanted.words, what);
  if (wanted.words) sameWords(found.short, wanted.short, `${what}, in short`);
}
