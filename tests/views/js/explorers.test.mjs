// What each explorer counts and says before anything is drawn; labkit has counted the same.

import assert from "node:assert/strict";
import test from "node:test";
import * as city from "../../../labkit/views/explorers/city.js";
import * as crowd from "../../../labkit/views/explorers/crowd.js";
import * as game from "../../../labkit/views/explorers/game.js";
import * as groups from "../../../labkit/views/explorers/groups.js";
import { intervals, wilson } from "../../../labkit/views/explorers/intervals.js";
import * as mixes from "../../../labkit/views/explorers/mixes.js";
import * as play from "../../../labkit/views/explorers/play.js";
import * as redraw from "../../../labkit/views/explorers/redraw.js";
import * as review from "../../../labkit/views/explorers/review.js";
import * as threshold from "../../../labkit/views/explorers/threshold.js";
import * as watchlist from "../../../labkit/views/explorers/watchlist.js";
import { language } from "../../../labkit/views/explorers/words.js";
import { block, cases, near, rows, sameInterval } from "./helpers.mjs";

test("a block of data is read as Python packed it", () => {
  const { meta, a, b, c, d, e } = block(cases.block);
  assert.deepEqual(meta, { name: "größer ≥", nothing: null });
  assert.deepEqual([...a], [0, 1, 255]);
  assert.deepEqual([...b], [7, 65535]);
  assert.deepEqual([...c], [70000, 4294967295]);
  assert.deepEqual([...d], [0.5, -1.25]);
  assert.deepEqual([...e], []);
});

// ---- crowd --------------------------------------------------------------------------------------

const inCrowd = block(cases.crowd.data).meta;
const crowdSay = language(inCrowd.words);

test("faces from a size upwards are counted for each detector", () => {
  for (const { step, least, said } of cases.crowd.shown) {
    assert.equal(crowd.least(inCrowd, step), least);
    assert.equal(crowd.sentence(crowdSay, inCrowd, least), said);
  }
  assert.equal(crowd.least(inCrowd, 999), inCrowd.sizes.at(-1));
});

test("found and missed are all faces of the size, and false ones are beside them", () => {
  for (const k of [0, 1]) {
    const { faces, found, missed, wrong } = crowd.counted(inCrowd, 0, k);
    assert.equal(found + missed, faces);
    assert.equal(faces, inCrowd.faces.length);
    assert.equal(wrong, inCrowd.wrong[k].length);
  }
});

// ---- city ---------------------------------------------------------------------------------------

const town = block(cases.city.data);
const citySay = language(town.meta.words);

test("a file says at every moment and level what Python says of it", () => {
  assert.ok(cases.city.shown.length > 60);
  for (const { state, said } of cases.city.shown) {
    assert.equal(city.sentence(citySay, town, state), said);
  }
});

test("sightings by camera add up, most of them first", () => {
  const state = { ...cases.city.shown[0].state, hour: 336, cameras: "high", matcher: "low" };
  const { sightings } = city.fileOf(town, state);
  const rows = city.byCamera(sightings);
  const sum = (key) => rows.reduce((n, one) => n + one[key], 0);
  assert.equal(sum("own") + sum("other"), sightings.length);
  assert.equal(sum("own"), sightings.filter((one) => one.own).length);
  const all = rows.map((one) => one.own + one.other);
  const sorted = all.toSorted((a, b) => b - a);
  assert.deepEqual(all, sorted);
});

// ---- mixes --------------------------------------------------------------------------------------

const mixed = block(cases.mixes.data).meta;
const mixSay = language(mixed.words);

test("a mix says who was learned from and both errors of each band", () => {
  for (const { key, said } of cases.mixes.shown) {
    assert.equal(mixes.sentence(mixSay, mixed, mixes.chosen(mixed, key)), said);
  }
  assert.equal(mixes.chosen(mixed, "no such mix").key, mixed.mixes[0].key);
});

test("a pair is said to match at the other mixes only, and at how many trainings", () => {
  const [first, second] = mixed.mixes;
  const pair = { about: "", errors: 2, trials: 36, also: mixed.mixes.map(() => 0) };
  const alone = "2 of 36 comparisons match. Matched at no other mix.";
  pair.also[0] = 3;
  assert.equal(mixes.aboutPair(mixSay, mixed, pair, first).trim(), alone);
  const also = `Also matched, in so many of 3 trainings: ${first.name} (3).`;
  assert.equal(mixes.alsoAt(mixSay, mixed, pair, second), also);
});

test("an axis holds every dot of every mix, also where nothing was counted", () => {
  for (const k of [0, 1]) {
    const [low, high] = mixes.reach(mixed, k);
    for (const rate of mixed.mixes.flatMap((mix) => mix.rates[k])) {
      for (const x of [rate.value, rate.low, rate.high, ...rate.each]) {
        assert.ok(low <= x && x <= high, `${x} is not between ${low} and ${high}`);
      }
    }
    const none = { value: null, low: null, high: null, each: [0, 0, 0], words: "too few" };
    const empty = { ...mixed, mixes: [{ rates: [[none], [none]] }] };
    const [from, to] = mixes.reach(empty, k);
    assert.ok(from < to && Number.isFinite(to));
  }
});

// ---- watchlist ----------------------------------------------------------------------------------

const { meta: watched, ...scores } = block(cases.watchlist.data);
const watch = { meta: watched, ...scores };
const watchSay = language(watched.words);

test("searches are counted as Python counts them, with its intervals", () => {
  for (const { k, at, fpir, tpir } of cases.watchlist.shown) {
    const both = { FPIR: [watchlist.fpir, fpir], TPIR: [watchlist.tpir, tpir] };
    for (const [name, [rate, wanted]] of Object.entries(both)) {
      const found = rate(watch, k, at);
      near(found.value, wanted[0], `${name} at ${JSON.stringify(at)}`);
      near(found.low, wanted[1], `low end of ${name}`);
      near(found.high, wanted[2], `high end of ${name}`);
    }
  }
});

test("the bound is the formula's, also for small rates and large galleries", () => {
  for (const [fmr, n, wanted] of cases.watchlist.bounds)
    near(watchlist.formula(fmr, n), wanted, fmr);
});

test("people add up, and little figures stand for the same number at both matchers", () => {
  for (const { at } of cases.watchlist.shown) {
    const found = watched.matchers.map((_, k) => watchlist.alerts(watch, k, at));
    const wanted = watched.wanted[at.wanted];
    for (const one of found) {
      assert.equal(Math.round(one.right.value) + one.missed.value, wanted);
      assert.ok(one.wrong.value <= watched.people - wanted);
      assert.ok(one.right.low <= one.right.value && one.right.value <= one.right.high);
    }
    const all = found.map((one) => one.right.value + one.wrong.value + one.missed.value);
    assert.ok(Math.max(...all) / watchlist.unit(found) <= 120);
  }
});

test("beyond the largest gallery nothing is counted", () => {
  const at = { size: watched.sizes.length, wanted: 4, step: 3 };
  const one = watchlist.alerts(watch, 0, at);
  assert.ok(one.beyond && one.right === undefined && one.wrong === undefined);
  const said = watchlist.sentence(watchSay, watch, at);
  assert.match(said, /dlib: not measured\. By the formula wrong alerts are at most [\d,]+\./);
});

test("two names keep a line apart and stay near", () => {
  assert.deepEqual(watchlist.apart([10, 90]), [10, 90]);
  assert.deepEqual(watchlist.apart([50, 52]), [43, 59]);
  assert.deepEqual(watchlist.apart([52, 50]), [59, 43]);
});

// ---- threshold ----------------------------------------------------------------------------------

const heaps = threshold.reader(block(cases.threshold.data));

test("the slider's steps say what Python counts there", () => {
  for (const { step, fmr, fnmr, name } of cases.threshold.steps) {
    near(heaps.fmr(step), fmr, `FMR at ${step}`);
    near(heaps.fnmr(step), fnmr, `FNMR at ${step}`);
    assert.equal(heaps.name(step), name);
  }
});

test("too few pairs of people is said above the floor only", () => {
  const floor = heaps.m.floor;
  assert.equal(heaps.tooFew(floor), false);
  assert.equal(heaps.tooFew(floor + 1), true);
  assert.equal(threshold.reader({ ...heaps.d, meta: { ...heaps.m, floor: -1 } }).tooFew(0), true);
});

test("rates stand large, and counts where they are too few for one", () => {
  const kinds = new Set();
  for (const { step, numbers } of cases.threshold.steps) {
    assert.deepEqual(threshold.numbers(heaps, step), numbers, `step ${step}`);
    for (const [, about] of numbers) kinds.add(about.replaceAll(/\d[\d,]*/g, "n"));
  }
  assert.equal(kinds.size, 7, [...kinds].join("\n"));
});

test("ten people missed are enough for a rate, nine are not", () => {
  const { m } = heaps;
  const missed = (people) => {
    const d = { ...heaps.d, missed: [m.mated / 5], missed_people: [people], false: [0] };
    return threshold.numbers({ ...heaps, d: { ...d, person_pairs: [0] }, fnmr: () => 0.2 }, 0)[1];
  };
  assert.deepEqual(missed(10), ["20 in 100", "are missed: one person called two (FNMR)"]);
  assert.equal(missed(9)[1], "are missed, of 9 people: too few for a rate");
  assert.equal(missed(1)[1], "are missed, of 1 person: too few for a rate");
});

test("a sentence names the counts of its step", () => {
  for (const { step, said } of cases.threshold.steps) {
    assert.equal(threshold.sentence(heaps, step), said);
  }
});

test("heaps fill their height, stretched or not", () => {
  for (const log of [false, true]) {
    const height = threshold.heights(Uint32Array.of(0, 9, 99), 100, log);
    assert.deepEqual([height(0), height(99)], [0, 100]);
    near(height(9), log ? 50 : 100 / 11, "9 of 99");
  }
});

test("the floor is named where the curve is farther away", () => {
  const at = { x: (v) => 100 * v, y: (v) => 100 - 100 * v, top: 0, base: 100 };
  const line = (missed, width) => {
    const curve = {
      d: { false: [1, 1, 1, 0] },
      last: 3,
      fmr: (k) => k / 4,
      fnmr: (k) => missed[k],
    };
    return threshold.lineOfFloor(curve, at, 0, width);
  };
  assert.equal(line([0.9, 0.8, 0.7, 0], 60), 78);
  assert.equal(line([0.3, 0.2, 0.1, 0.9], 60), 12);
  assert.equal(line([0.3, 0.2, 0.9, 0.9], 30), 12, "what lies beyond the words is left out");
  assert.equal(line([0.3, 0.2, 0.9, 0.9], 60), 78);
  assert.equal(line([0.5, 0.5, 0.5, 0], -1), 12, "no curve there");
});

// ---- redraw -------------------------------------------------------------------------------------

test("the same people are drawn as in Python", () => {
  for (const { total, n, index, seed, people } of cases.draws) {
    const found = redraw.drawPeople(total, n, index, seed);
    assert.deepEqual(
      found.toSorted((a, b) => a - b),
      people,
    );
  }
});

test("draws are counted as in Python", () => {
  const d = block(cases.redraw.data);
  const say = language(d.meta.words);
  const town = redraw.town(d, d.meta.rules, say);
  near(town.rate, cases.redraw.rate, "the town");
  for (const { n, index, pair, person } of cases.redraw.draws) {
    const draw = town.draws(cases.redraw.seed, n, index + 1)[index];
    sameInterval(draw.person, person, `person interval of draw ${index} of ${n}`);
    sameInterval({ ...draw.pair, errors: draw.errors, trials: draw.trials }, pair, "pair interval");
  }
  const [one, other] = town.draws(1, 30, 2);
  assert.equal(town.draws(1, 30, 1)[0], one, "a draw is counted once");
  assert.equal(town.draws(1, 30, 1).length, 1);
  assert.notEqual(one.errors, other.errors);
});

const made = (low, high, words = "") => ({ low, high, words });

rows("holds", redraw.holds, [
  [true, made(0.1, 0.2), 0.1],
  [true, made(0.1, 0.2), 0.2],
  [false, made(0.1, 0.2), 0.21],
  [false, made(0.1, 0.2), 0.09],
  [false, made(NaN, NaN, "too few"), 0.1],
]);

test("held intervals are counted, those not shown apart", () => {
  const list = [
    { pair: made(0, 0.2), person: made(0, 1) },
    { pair: made(0.2, 0.3), person: made(0, 0.2) },
    { pair: made(0.2, 0.3), person: made(NaN, NaN, "too few") },
  ];
  assert.deepEqual(redraw.score(list, 0.1), { n: 3, pair: 1, person: 2, shown: 2, few: 1 });
  assert.deepEqual(redraw.score([], 0.1), { n: 0, pair: 0, person: 0, shown: 0, few: 0 });
});

// Draws without a person interval are not among those whose interval did not hold.
{
  const say = language(block(cases.redraw.data).meta.words);
  rows(
    "aboutHeld",
    (n, all, pair, person, shown) => {
      return redraw.aboutHeld(say, n, { n: all, pair, person, shown, few: all - shown });
    },
    [
      [
        "Of 20 draws of 80 people, the pair interval held the whole town's rate in 9, the person" +
          " interval in 19.",
        ...[80, 20, 9, 19, 20],
      ],
      [
        "Of 20 draws of 80 people, the pair interval held the whole town's rate in 9, the person" +
          " interval in 12 of the 13 that have one (7 draws had too little for it).",
        ...[80, 20, 9, 12, 13],
      ],
      [
        "Of 20 draws of 80 people, the pair interval held the whole town's rate in 9, the person" +
          " interval in 0 of the 1 that have one (19 draws had too little for it).",
        ...[80, 20, 9, 0, 1],
      ],
      [
        "Of 1 draw of 40 people, the pair interval held the whole town's rate in 0; none had enough" +
          " for a person interval.",
        ...[40, 1, 0, 0, 0],
      ],
    ],
  );

  const m = { people: 480, alike: 0.25, rules: cases.rules };
  const ends = (n) => redraw.aboutSize({ say, m }, n).split(" in common.")[1];
  rows("what is said of a size, the end", (n) => ends(n).slice(0, 51), [
    [" 59 people are too few for a person interval, which", 59],
    ["", 60],
    ["", 119],
    [" Draws this large from a town this small are more a", 120],
  ]);
}

rows("between", redraw.between, [
  [75, 0, 100, [50, 40]],
  [20, 0, 100, [40, 60]],
  [50, 0, 100, []],
  [65, 0, 100, [90, 40]],
]);

test("the axis of draws holds all that is drawn, and a floor that is near", () => {
  const draw = { rate: 0.01, pair: made(0.005, 0.02), person: made(NaN, NaN, "few") };
  const close = (found, [low, high]) => {
    near(found[0], low, "low end");
    near(found[1], high, "high end");
  };
  const far = { ...draw, rate: 0, person: made(0.0001, 0.5) };
  close(redraw.ends([], 0.01, null), [0.01 / 8 / 1.15, 0.08 * 1.15]);
  close(redraw.ends([draw], 0.01, null), [0.01 / 8 / 1.15, 0.08 * 1.15]);
  close(redraw.ends([far], 0.01, null), [0.0001 / 1.15, 0.5 * 1.15]);
  close(redraw.ends([draw], 0.01, 0.2), [0.01 / 8 / 1.15, 0.2 * 1.15]);
  close(redraw.ends([], 0.5, null), [0.5 / 8 / 1.15, 1]);
  // A floor left of the axis moves its end only when it lies above a quarter of all that is drawn.
  const narrow = { rate: 0.004, pair: made(0.003, 0.005), person: made(0.00045, 0.03) };
  close(redraw.ends([narrow], 0.004, 0.0002), [0.0002 / 1.15, 0.032 * 1.15]);
  close(redraw.ends([narrow], 0.004, 0.0001), [0.00045 / 1.15, 0.032 * 1.15]);
});

// ---- groups -------------------------------------------------------------------------------------

const people = block(cases.groups.data);
const infer = intervals(people.meta.rules, language(people.meta.words));
const first = people.meta.matchers[0];
const words = language(people.meta.words);
const look = (more) =>
  groups.chosen(people, { matcher: first, grouping: "band", rate: "FMR", step: 0, ...more });

test("rates of groups are those of Python, at every step asked", () => {
  const seen = new Set();
  for (const { rate, matcher, grouping, step, rows: wanted } of cases.groups.steps) {
    const c = look({ rate, matcher, grouping, step });
    const found = c.rate.pairs ? groups.fmrs(c, infer, step) : groups.ratesOfPeople(c, infer, step);
    found.forEach((row, g) => {
      sameInterval(row, wanted[g], `${rate} of ${matcher}, ${c.names[g]}, step ${step}`);
      seen.add(`${rate} ${row.words !== ""}`).add(row.words);
    });
  }
  assert.ok(seen.has("FMR true") && seen.has("FMR false") && seen.has("FNMR false"));
  assert.ok(seen.has("59 people: too few for an interval, which takes 60"));
  assert.ok(seen.has("one person: nobody of the group to compare with"));
});

test("groups of few people hide nothing about the mean, and are named", () => {
  const means = cases.groups.steps.filter(({ mean }) => mean);
  assert.ok(means.some(({ mean }) => mean.endsWith("; too few: one, six, two.")));
  for (const { rate, matcher, grouping, step, mean } of means) {
    const c = look({ rate, matcher, grouping, step });
    const said = groups.sentence(words, c, groups.fmrs(c, infer, step), 30);
    assert.ok(said.endsWith(` ${mean}`), `${said} does not end with ${mean}`);
    for (const name of c.names) assert.ok(said.includes(`${name}: `), name);
  }
  const c = look({ grouping: "said" });
  const found = groups.fmrs(c, infer, 0);
  const nobody = groups.meanOf(words, c, found, 61);
  assert.equal(nobody, "No group has 61 people: there is no mean of their FMRs.");
  const few = found.map((row) => ({ ...row, words: "too few for a rate" }));
  const none = "No mean of their FMRs: every group has too little for a rate.";
  assert.equal(groups.meanOf(words, c, few, 30), none);
});

test("rates that stand beside each other are told in one form", () => {
  const c = { ...look({}), names: ["lighter", "darker"] };
  const row = (value, low, high) => ({ value, low, high, people: 80, errors: 9, trials: 900 });
  const low = row(1 / 167, 1 / 250, 1 / 112);
  const both = groups.sentence(words, c, [low, row(1 / 103, 0.0067, 0.014)], 30);
  assert.match(both, /lighter: 0\.60 in 100, interval 0\.40 to 0\.89 in 100/);
  assert.match(both, /darker: 0\.97 in 100, interval 0\.67 to 1\.4 in 100/);
  assert.match(both, /Mean of the groups' FMRs: 0\.78 in 100\.$/);
  const one = groups.sentence(words, c, [low, low], 30);
  assert.match(one, /lighter: 1 in 167, interval 1 in 250 to 1 in 112/);
});

test("FMR is said not to depend on mated pairs where only these differ", () => {
  const parts = {
    matchers: ["all", "styled", "other"],
    described: [{ list: 0 }, { list: 0 }, { list: 2 }],
  };
  const at = (list, pairs) => groups.sameForAll(words, parts, { list, rate: { pairs } });
  assert.match(at(0, true), /does not depend on the mated pairs.* the same for all; styled\.$/);
  assert.equal(at(2, true), "");
  assert.equal(at(0, false), "");
});

test("the lowest FMR of a group is that of the last step with enough pairs of people", () => {
  const { rules } = people.meta;
  for (const [grouping, lowest] of Object.entries(cases.groups.lowest)) {
    const found = groups.lowestFmrs(look({ grouping }), infer, rules);
    assert.ok(lowest.includes(null) && lowest.some(Number.isFinite));
    found.forEach((value, g) => {
      near(value ?? NaN, lowest[g], `group ${g} of ${grouping}`);
    });
  }
  const none = groups.lowestFmrs(look({}), infer, { ...rules, person_pairs: 1e9 });
  assert.deepEqual(none, [null, null, null]);
});

test("what is not there falls back to the first, a step beyond the end to the last", () => {
  const c = groups.chosen(people, { matcher: "x", grouping: "y", rate: "FNMR", step: 1e6 });
  assert.equal(c.matcher, first);
  assert.equal(c.grouping, "band");
  assert.equal(c.step, c.thresholds.length - 1);
  assert.equal(c.t, c.thresholds[c.step]);
});

test("another matcher starts at the FMR, or the threshold that was asked for", () => {
  const c = (fmrs, exact, step) => ({ thresholds: [1, 2, 3], fmrs, exact, step });
  const other = [0.3, 0.02, 0.001];
  assert.equal(groups.alike(c([0.2, 0.03, 0.004], [], 1), c(other, [], 0)), 1);
  assert.equal(groups.alike(c([0.2, 0.03, 0.004], [], 2), c(other, [], 0)), 2);
  // Near is meant in ratios: 0.019 is less than twice 0.01, 0.004 is less than half of it.
  assert.equal(groups.alike(c([0.01], [], 0), c([0.019, 0.004], [], 0)), 0);
  assert.equal(groups.alike(c([0.2, 0.03, 0.004], [2], 1), c(other, [3], 0)), 2);
  assert.equal(groups.alike(c([0.2, 0.03, 0.004], [2], 0), c(other, [3], 0)), 0);
  assert.equal(groups.alike(c([0.2, 0.03, 0.004], [2], 1), c(other, [], 0)), 1);
});

// ---- game ---------------------------------------------------------------------------------------

rows("openPair", play.openPair, [
  [0, ["", ""]],
  [1, ["same", "", ""]],
  [2, ["same", "different"]],
]);

rows("replaced", play.replaced, [
  [["a", "x", "c"], ["a", "b", "c"], 1, "x"],
  [["", "b"], ["a", "b"], 0, ""],
]);

rows("isRight", game.isRight, [
  [true, "same", true],
  [false, "same", false],
  [true, "different", false],
  [false, "different", true],
  [true, "", false],
]);

test("right answers are counted by what the pair shows", () => {
  const truth = [true, true, false, false, false];
  const answers = ["same", "different", "different", "same", "different"];
  assert.deepEqual(game.score(answers, truth), { same: [1, 2], different: [2, 3] });
});

test("pictures are written as text of any length", () => {
  for (const size of [0, 1, 2, 3, 8191, 8192, 8193, 20000]) {
    const bytes = Uint8Array.from({ length: size }, (_, k) => (k * 7) % 256);
    assert.equal(play.asBase64(bytes), Buffer.from(bytes).toString("base64"));
  }
});

// ---- review -------------------------------------------------------------------------------------

rows("isRightName", review.isRightName, [
  [true, "2", 2],
  [false, "1", 2],
  [false, "nobody", 2],
  [true, "nobody", 0],
  [false, "1", 0],
  [false, "", 0],
]);

test("names are counted where somebody is enrolled and where not", () => {
  const answers = ["1", "3", "nobody", "2", "nobody", ""];
  const mates = [1, 2, 1, 0, 0, 3];
  const all = { all: 5, present: 3, right: 1, other: 1, missed: 1, absent: 2, named: 1, first: 1 };
  assert.deepEqual(review.tally(answers, mates), all);
  const some = review.tally(answers, mates, (k) => k > 2);
  assert.deepEqual([some.all, some.present, some.named, some.first], [2, 0, 1, 0]);
});

test("keys name candidates, or nobody", () => {
  const named = review.meanings(3);
  assert.deepEqual([named[1], named[3], named.n, named[0]], ["1", "3", "nobody", "nobody"]);
  assert.equal(named[4], undefined);
});

// Wilson's interval is what a draw's "pair" holds: the same rule for both.
test("a draw's pair interval is Wilson's", () => {
  const d = block(cases.redraw.data);
  const town = redraw.town(d, d.meta.rules, language(d.meta.words));
  const draw = town.draws(3, 30, 6)[5];
  assert.deepEqual(draw.pair, wilson(draw.errors, draw.trials, d.meta.rules.z));
});
