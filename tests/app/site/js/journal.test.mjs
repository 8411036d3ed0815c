// journal.js beside what Python's journal does; LABKIT_CASES names what Python wrote down.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  journalCount,
  journalEmpty,
  journalKey,
  journalNow,
  journalOf,
  journalParsed,
  journalPlain,
  journalStorage,
  journalTakeIn,
  journalTrouble,
  journalWritten,
} from "../../../../labkit/app/site/js/journal.js";

const cases = JSON.parse(readFileSync(process.env.LABKIT_CASES, "utf8"));
const copy = (value) => JSON.parse(JSON.stringify(value));

// A browser's storage with room for so many characters.
function storage(room = Number.POSITIVE_INFINITY) {
  const held = new Map();
  const place = {
    getItem: (name) => held.get(name) ?? null,
    setItem(name, text) {
      if (text.length > room) throw new DOMException("no room", "QuotaExceededError");
      held.set(name, text);
      place[name] = text;
    },
    removeItem(name) {
      held.delete(name);
      delete place[name];
    },
    get length() {
      return held.size;
    },
  };
  for (const name of ["getItem", "setItem", "removeItem", "length"]) {
    Object.defineProperty(place, name, { enumerable: false });
  }
  return place;
}

const refusing = {
  getItem() {
    throw new DOMException("refused", "SecurityError");
  },
  setItem() {
    throw new DOMException("refused", "SecurityError");
  },
  length: 0,
};

test("taking in does what Python's take_in does", () => {
  for (const one of cases.taken) {
    const here = copy(one.here);
    const done = journalTakeIn(here, copy(one.other));
    assert.deepEqual(here, one.after);
    assert.deepEqual(done, one.done);
  }
});

test("a file is told from one that is none as Python tells them", () => {
  for (const [text, sound, trouble] of cases.files) {
    assert.equal(journalParsed(text) !== null, sound, text);
    if (!sound) assert.equal(journalTrouble(text), trouble, text);
  }
});

test("a journal that Python wrote is read, and written again it holds the same", () => {
  const entries = journalParsed(cases.written);
  assert.equal(journalCount(entries), cases.count);
  assert.deepEqual(JSON.parse(journalWritten(entries)), JSON.parse(cases.written));
});

test("a value is kept in the form in which Python keeps it", () => {
  assert.deepEqual(journalPlain({ a: [1, undefined, Number.NaN], b: true }), {
    a: [1, null, null],
    b: true,
  });
  assert.equal(journalPlain("x".repeat(9999)).length, 3000);
  assert.equal(journalPlain([[[[[[[[1]]]]]]]])[0][0][0][0][0][0][0], "...");
});

test("a moment is written in the clock of the device, without a zone", () => {
  assert.match(journalNow(), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  const noon = new Date(2026, 10, 29, 12, 5, 9);
  assert.equal(journalNow(noon), "2026-11-29T12:05:09");
});

test("two open tabs do not lose each other's entries", () => {
  const place = storage();
  const [one, other] = [journalOf(place), journalOf(place)];
  one.predict("a", 1);
  other.predict("b", 2);
  one.attempt("03-a", { answer: 1, right: false });
  other.attempt("03-a", { answer: 2, right: true });
  one.keep("k", ["same"]);
  const entries = journalOf(place).read();
  assert.deepEqual(Object.keys(entries.predictions), ["a", "b"]);
  assert.deepEqual(
    entries.attempts["03-a"].tries.map((t) => t.answer),
    [1, 2],
  );
  assert.deepEqual(entries.kept.k.value, ["same"]);
});

test("a guess after its result is told apart, and the result stays beside it", () => {
  const journal = journalOf(storage());
  assert.equal(journal.result("a", 3), undefined);
  assert.deepEqual(journal.read().predictions, {});
  assert.equal(journal.predict("a", 2), false);
  assert.equal(journal.result("a", 3, "three"), 2);
  assert.equal(journal.predict("a", 2), false);
  assert.equal(journal.predict("a", 4), true);
  const entry = journal.read().predictions.a;
  assert.deepEqual([entry.guess, entry.result, entry.text], [4, 3, "three"]);
});

test("the same answer again is no other attempt", () => {
  const journal = journalOf(storage());
  const tries = () => journal.read().attempts["03-a"].tries;
  for (const answer of [1, 1, 2, [1, 2], [1, 2]]) journal.attempt("03-a", { answer, right: false });
  assert.equal(tries().length, 3);
  assert.deepEqual(Object.keys(tries()[0]), ["answer", "right", "mistake", "counts", "day"]);
});

test("where storage is refused entries live in the page, and it is told once", () => {
  for (const place of [refusing, null]) {
    const told = [];
    const journal = journalOf(place, (trouble) => told.push(trouble));
    journal.predict("a", 1);
    journal.keep("b", 2);
    journal.keepText("09-c", { text: "mine" });
    assert.deepEqual(told, ["refused"]);
    assert.equal(journalCount(journal.read()), 2);
    assert.deepEqual(journal.texts(), { "09-c": { text: "mine" } });
    journal.clear();
    assert.equal(journalCount(journal.read()), 0);
  }
  const blocked = {
    get localStorage() {
      throw new DOMException("refused", "SecurityError");
    },
  };
  assert.equal(journalStorage(blocked), null);
});

test("where there is no room left what was stored stays, and new entries live in the page", () => {
  const place = storage(250);
  const told = [];
  const journal = journalOf(place, (trouble) => told.push(trouble));
  journal.predict("a", 1);
  journal.keep("b", "x".repeat(400));
  journal.keep("c", 3);
  assert.deepEqual(told, ["full"]);
  assert.deepEqual(Object.keys(journal.read().kept), ["b", "c"]);
  assert.deepEqual(Object.keys(JSON.parse(place.getItem(journalKey)).predictions), ["a"]);
});

test("a damaged journal is set aside, and one of a newer lab is left alone", () => {
  const told = [];
  const place = storage();
  place.setItem(journalKey, '{"version": 1, "predictions": {"03');
  const journal = journalOf(place, (trouble) => told.push(trouble));
  journal.predict("a", 1);
  assert.deepEqual(told, ["damaged"]);
  assert.equal(Object.keys(place).filter((name) => name.includes("set-aside")).length, 1);
  const newer = storage();
  newer.setItem(journalKey, '{"version": 2, "entries": []}');
  const later = journalOf(newer, (trouble) => told.push(trouble));
  later.predict("a", 1);
  assert.deepEqual(told, ["damaged", "newer"]);
  assert.equal(newer.getItem(journalKey), '{"version": 2, "entries": []}');
  assert.equal(later.read().predictions.a.guess, 1);
});

test("names that JavaScript has a use for are names like others", () => {
  const journal = journalOf(storage());
  journal.attempt("constructor", { answer: 1, right: true });
  const other = JSON.parse(
    '{"version": 1, "predictions": {"__proto__": {"guess": 1}}, "kept": {"toString": {"value": 2}},' +
      ' "attempts": {"__proto__": {"tries": [{"answer": 1}]}}}',
  );
  const done = journal.takeIn(other);
  assert.deepEqual(done.taken, {
    predictions: ["__proto__"],
    attempts: ["__proto__"],
    kept: ["toString"],
  });
  assert.equal({}.tries, undefined);
  assert.equal(journalCount(journal.read()), 4);
});

test("everything is deleted, and whoever listens hears of it", () => {
  const place = storage();
  place.setItem("somebody-else", "1");
  const journal = journalOf(place);
  let heard = 0;
  journal.hear(() => {
    heard += 1;
  });
  journal.predict("a", 1);
  journal.keepText("12-a", { because: "so" });
  journal.clear();
  assert.deepEqual(journal.read(), journalEmpty());
  assert.deepEqual(journal.texts(), {});
  assert.deepEqual(Object.keys(place), ["somebody-else"]);
  assert.equal(heard, 2);
});
