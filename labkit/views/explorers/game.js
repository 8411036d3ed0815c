// The game: pairs of pictures or of facts; answers go to Python, nothing is judged until the end.

import { unpack } from "./data.js";
import { folded, table } from "./page.js";
import { h } from "./pieces.js";
import { asBase64, playing } from "./play.js";
import { language } from "./words.js";

const KEYS = { s: "same", d: "different" };

export const isRight = (answer, same) => (answer === "same") === same;

// Right answers among the pairs of one person, and among those of two.
export function score(answers, truth) {
  const of = (same) => truth.filter((x) => x === same).length;
  const good = (same) => answers.filter((a, k) => truth[k] === same && isRight(a, same)).length;
  return { same: [good(true), of(true)], different: [good(false), of(false)] };
}

// The pictures of all pairs, one after the other, as addresses within the page.
function addresses({ pictures, meta }) {
  let at = 0;
  return meta.sizes.map((size) => {
    at += size;
    return `data:image/webp;base64,${asBase64(pictures.subarray(at - size, at))}`;
  });
}

const image = (src, alt) => h("img", { src, alt, width: 160, height: 160 });

function inPictures(c, k) {
  const alts = ["first", "second"].map((key) => c.say.text(`${key}_photograph`, { n: k + 1 }));
  return [
    h("div", { class: "lx-pictures" }, [
      image(c.pictures[2 * k], alts[0]),
      image(c.pictures[2 * k + 1], alts[1]),
    ]),
  ];
}

const listOfFacts = (c, k) =>
  h(
    "ul",
    { "data-lx": "facts" },
    c.m.texts[k].map((text) => h("li", {}, text)),
  );

const inFacts = (c, k) => [h("p", {}, c.say.text("facts_about", { n: k + 1 })), listOfFacts(c, k)];

function result({ say, m }, answers) {
  const { same, different } = score(answers, m.truth);
  return say.text("result", {
    n: answers.length,
    good: same[0] + different[0],
    good_same: same[0],
    same: same[1],
    good_different: different[0],
    different: different[1],
  });
}

// What the last answer was, and what is asked now; the facts stand below and are read out there.
function question({ say }, answers, k) {
  const before = k && say.text("kept", { n: k, answer: say.text(answers[k - 1]) });
  const asked = say.text("question", { n: k + 1, all: answers.length });
  return [before, asked].filter(Boolean).join(" ");
}

// ---- the end ------------------------------------------------------------------------------------

function headline({ say, m }, answers) {
  const { same, different } = score(answers, m.truth);
  const about = { good: same[0] + different[0], n: answers.length, guess: m.guess };
  return say.text(m.guess === null ? "you" : "you_guessed", about);
}

// A square for each pair: full with a tick where right, empty with a cross where not.
function squares({ say, m }, answers) {
  const good = answers.map((answer, k) => isRight(answer, m.truth[k]));
  const judged = (k) => say.text(good[k] ? "right" : "not_right");
  const list = good.map((_, k) => say.text("square", { n: k + 1, judged: judged(k) })).join(", ");
  const marks = good.map((right) =>
    h("span", { class: right ? "lx-square lx-right" : "lx-square" }, right ? "\u2713" : "\u2717"),
  );
  const whole = { class: "lx-squares", role: "img", "aria-label": say.text("squares", { list }) };
  return h("div", whole, marks);
}

const truthOf = ({ say, m }, k) => say.text(m.truth[k] ? "same" : "different");

// The pairs that were judged wrongly, large, or in facts.
function wrongOnes(c, answers, facts) {
  const { say, m } = c;
  const wrong = answers.map((_, k) => k).filter((k) => !isRight(answers[k], m.truth[k]));
  if (!wrong.length) return [h("p", {}, say.text("none_wrong", { n: answers.length }))];
  const one = (k) => {
    const about = { n: k + 1, answer: say.text(answers[k] || "open"), truth: truthOf(c, k) };
    const shown = facts ? listOfFacts(c, k) : inPictures(c, k)[0];
    return h("div", { class: "lx-wrong" }, [h("p", {}, say.text("you_said", about)), shown]);
  };
  const title = h("p", { class: "lx-which" }, say.text("wrong_ones"));
  return [title, h("div", { class: "lx-wrongs" }, wrong.map(one))];
}

function listOfAnswers(c, answers, facts) {
  const photographs = facts ? [] : ["photographs"];
  const columns = ["pair", ...photographs, "your_answer", "shows", "right"];
  const list = table(
    c.say.text("your_answers"),
    columns.map((key) => c.say.text(`column_${key}`)),
  );
  const small = (k) =>
    h("span", { class: "lx-small" }, [
      image(c.pictures[2 * k], c.say.text("first_of_pair", { n: k + 1 })),
      " ",
      image(c.pictures[2 * k + 1], c.say.text("second_of_pair", { n: k + 1 })),
    ]);
  const cells = (answer, k) => [
    `${k + 1}`,
    ...photographs.map(() => small(k)),
    c.say.text(answer || "open"),
    truthOf(c, k),
    c.say.text(isRight(answer, c.m.truth[k]) ? "right" : "not_right"),
  ];
  const full = (answer, k) => ({ right: Number(isRight(answer, c.m.truth[k])) });
  list.fill(answers.map((answer, k) => ({ full: full(answer, k), cells: cells(answer, k) })));
  return list.node;
}

const atTheEnd = (c, answers, facts) => [
  squares(c, answers),
  ...wrongOnes(c, answers, facts),
  folded(c.say.text("every_answer"), listOfAnswers(c, answers, facts)),
];

// ---- keys and buttons ---------------------------------------------------------------------------

const big = (c, key, letter, answer) =>
  h("button", { type: "button", class: "lx-big", onclick: () => answer(key) }, [
    c.say.text(`button_${key}`),
    h("kbd", {}, letter),
  ]);

// Facts that change are read aloud; the number of right answers is set large.
function dress({ stage, heading, done, facts }) {
  if (facts && !done) stage.setAttribute("aria-live", "polite");
  else stage.removeAttribute("aria-live");
  heading.classList.toggle("lx-number", done);
}

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const c = { model, m: d.meta, say: language(d.meta.words), pictures: addresses(d) };
  const n = c.m.truth.length;
  return playing(c, el, {
    n,
    keys: KEYS,
    told: c.m.texts.some((facts) => facts.length > 0),
    buttons: (answer) => [big(c, "same", "S", answer), big(c, "different", "D", answer)],
    asked: (k, facts) => (facts ? inFacts(c, k) : inPictures(c, k)),
    ended: (answers, facts) => atTheEnd(c, answers, facts),
    question: (answers, k) => question(c, answers, k),
    result: (answers) => result(c, answers),
    heading: (answers, k) =>
      k >= n ? headline(c, answers) : c.say.text("pair_of", { n: k + 1, all: n }),
    dress,
  });
}

export default { render };
