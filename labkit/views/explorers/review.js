// Human review: a probe and five candidates; name one of them or nobody.  Answers go to Python,
// nothing is judged until the last case.

import { unpack } from "./data.js";
import { folded, table } from "./page.js";
import { h } from "./pieces.js";
import { playing } from "./play.js";
import { language } from "./words.js";

const NOBODY = "nobody";

// What each key means: a candidate's number, N or 0 for nobody.
export function meanings(candidates) {
  const named = { n: NOBODY, 0: NOBODY };
  for (let place = 1; place <= candidates; place += 1) named[place] = `${place}`;
  return named;
}

const NONE = { present: 0, right: 0, other: 0, missed: 0, absent: 0, named: 0, first: 0, all: 0 };

// What the answers of some cases come to; mates: the place of the right candidate, 0 where absent.
export function tally(answers, mates, among = () => true) {
  const sum = { ...NONE };
  answers.forEach((answer, k) => {
    if (!answer || !among(k)) return;
    const there = mates[k] > 0;
    const named = answer !== NOBODY;
    const right = named && Number(answer) === mates[k];
    sum.all += 1;
    sum.first += answer === "1";
    sum.present += there;
    sum.absent += !there;
    sum.right += right;
    sum.other += named && there && !right;
    sum.missed += there && !named;
    sum.named += named && !there;
  });
  return sum;
}

export const isRightName = (answer, mate) => answer === (mate > 0 ? `${mate}` : NOBODY);

const candidates = (c) => Array.from({ length: c.m.candidates }, (_, k) => k + 1);

// ---- a case -------------------------------------------------------------------------------------

// One picture of the sheet: its row is the case, its column the place.
function tile(c, k, place, name) {
  const node = h("div", { class: "lx-tile", role: "img", "aria-label": name });
  node.style.backgroundImage = `url("${c.address}")`;
  node.style.backgroundPosition = `-${place * c.m.tile}px -${k * c.m.tile}px`;
  node.style.width = `${c.m.tile}px`;
  node.style.height = `${c.m.tile}px`;
  return node;
}

const percentOf = ({ say, m }, k, place) =>
  m.shown[k] ? say.text("percent", { n: m.percents[k][place - 1] }) : "";

function nameOf(c, k, place) {
  const said = c.say.text("candidate", { n: place });
  const percent = percentOf(c, k, place);
  return percent ? c.say.text("with", { name: said, percent }) : said;
}

function pictured(c, k, place, name) {
  const shown = tile(c, k, place, c.say.text("picture_of", { name, n: k + 1 }));
  return h("figure", { class: "lx-seen" }, [shown, h("figcaption", {}, name)]);
}

function inPictures(c, k) {
  const list = candidates(c).map((place) => pictured(c, k, place, nameOf(c, k, place)));
  return [
    pictured(c, k, 0, c.say.text("probe")),
    h("div", { class: "lx-lineup", role: "group", "aria-label": c.say.text("candidates") }, list),
  ];
}

function inFacts(c, k) {
  const names = candidates(c).map((place) => nameOf(c, k, place));
  const list = table(c.say.text("facts_about", { n: k + 1 }), [
    c.say.text("column_fact"),
    c.say.text("probe"),
    ...names,
  ]);
  list.fill(c.m.facts[k].map((cells) => ({ cells })));
  return [list.node];
}

// ---- the end ------------------------------------------------------------------------------------

function saidOf(c, answer) {
  if (!answer) return c.say.text("open");
  return answer === NOBODY ? c.say.text("nobody") : c.say.text("candidate", { n: answer });
}

const truthOf = (c, k) =>
  c.m.mates[k] ? c.say.text("candidate", { n: c.m.mates[k] }) : c.say.text("absent");

function result(c, answers) {
  const { right, present, named, absent, missed, other } = tally(answers, c.m.mates);
  return c.say.text("result", { right, present, named, absent, missed, other, n: answers.length });
}

function counts(c, answers) {
  const list = table(
    c.say.text("counts"),
    ["shown", "right", "other", "missed", "named", "first"].map((key) =>
      c.say.text(`count_${key}`),
    ),
  );
  const of = (part, whole) => c.say.text("part", { part, whole });
  const line = (key, among) => {
    const s = tally(answers, c.m.mates, among);
    const cells = [
      c.say.text(key),
      of(s.right, s.present),
      of(s.other, s.present),
      of(s.missed, s.present),
      of(s.named, s.absent),
      of(s.first, s.all),
    ];
    return { cells };
  };
  list.fill([
    line("with_percent", (k) => c.m.shown[k]),
    line("without_percent", (k) => !c.m.shown[k]),
  ]);
  return list.node;
}

// The cases that were judged wrongly: the probe, who was named, and who it was.
function wrongOnes(c, answers, facts) {
  const wrong = answers.map((_, k) => k).filter((k) => !isRightName(answers[k], c.m.mates[k]));
  if (!wrong.length) return [h("p", {}, c.say.text("none_wrong", { n: answers.length }))];
  const one = (k) => {
    const about = { n: k + 1, answer: saidOf(c, answers[k]), truth: truthOf(c, k) };
    const places = [0, Number(answers[k]) || 0, c.m.mates[k]].filter(
      (place, at, all) => at === 0 || (place > 0 && all.indexOf(place) === at),
    );
    const names = (place) => (place ? nameOf(c, k, place) : c.say.text("probe"));
    const shown = facts ? [] : places.map((place) => pictured(c, k, place, names(place)));
    return h("div", { class: "lx-wrong" }, [
      h("p", {}, c.say.text("you_said", about)),
      h("div", { class: "lx-lineup" }, shown),
    ]);
  };
  const title = h("p", { class: "lx-which" }, c.say.text("wrong_ones"));
  return [title, h("div", { class: "lx-wrongs" }, wrong.map(one))];
}

function everyCase(c, answers) {
  const list = table(
    c.say.text("your_answers"),
    ["case", "percent", "answer", "truth", "right"].map((key) => c.say.text(`column_${key}`)),
  );
  const row = (answer, k) => ({
    full: { truth: c.m.mates[k], right: Number(isRightName(answer, c.m.mates[k])) },
    cells: [
      `${k + 1}`,
      c.say.text(c.m.shown[k] ? "yes" : "no"),
      saidOf(c, answer),
      truthOf(c, k),
      c.say.text(isRightName(answer, c.m.mates[k]) ? "yes" : "no"),
    ],
  });
  list.fill(answers.map(row));
  return folded(c.say.text("every_answer"), list.node);
}

const atTheEnd = (c, answers, facts) => [
  counts(c, answers),
  ...wrongOnes(c, answers, facts),
  everyCase(c, answers),
];

// ---- keys and buttons ---------------------------------------------------------------------------

function buttons(c, answer) {
  const big = (value, text, key) => {
    const about = { type: "button", class: "lx-big" };
    return h("button", { ...about, onclick: () => answer(value) }, [text, " ", h("kbd", {}, key)]);
  };
  return [
    ...candidates(c).map((n) => big(`${n}`, c.say.text("button_candidate"), `${n}`)),
    big(NOBODY, c.say.text("button_nobody"), "N"),
  ];
}

function question(c, answers, k) {
  const before = k && c.say.text("kept", { n: k, answer: saidOf(c, answers[k - 1]) });
  const asked = c.say.text(c.m.shown[k] ? "question_with" : "question", {
    n: k + 1,
    all: answers.length,
  });
  return [before, asked].filter(Boolean).join(" ");
}

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const address = URL.createObjectURL(new Blob([d.sheet], { type: "image/webp" }));
  const c = { model, m: d.meta, say: language(d.meta.words), address };
  const n = c.m.mates.length;
  const stop = playing(c, el, {
    n,
    keys: meanings(c.m.candidates),
    told: true,
    buttons: (answer) => buttons(c, answer),
    asked: (k, facts) => (facts ? inFacts(c, k) : inPictures(c, k)),
    ended: (answers, facts) => atTheEnd(c, answers, facts),
    question: (answers, k) => question(c, answers, k),
    result: (answers) => result(c, answers),
    heading: (_answers, k) =>
      c.say.text(k >= n ? "ended" : "case_of", { n: Math.min(k + 1, n), all: n }),
  });
  return () => {
    stop();
    URL.revokeObjectURL(address);
  };
}

export default { render };
