// The game: pairs of pictures or of facts; answers go to Python, nothing is judged until the end.

import { unpack } from "./data.js";
import { announcer, button, controls, follow, frame, h, save, table, tick } from "./page.js";
import { language } from "./words.js";

const KEYS = { s: "same", d: "different" };

export function asBase64(bytes) {
  let text = "";
  for (let k = 0; k < bytes.length; k += 8192) {
    text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  }
  return btoa(text);
}

// Place of the pair to answer; the number of pairs when none is open.
export function openPair(answers) {
  const open = answers.indexOf("");
  return open < 0 ? answers.length : open;
}

export const replaced = (list, k, value) => list.map((x, i) => (i === k ? value : x));

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

function inFacts(c, k) {
  const facts = c.m.texts[k].map((text) => h("li", {}, text));
  return [
    h("p", {}, c.say.text("facts_about", { n: k + 1 })),
    h("ul", { "data-lx": "facts" }, facts),
  ];
}

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

function question({ say, m }, answers, k, facts) {
  const n = k + 1;
  const before = k && say.text("kept", { n: k, answer: say.text(answers[k - 1]) });
  const asked = say.text("question", { n, all: answers.length });
  return [before, asked, facts && m.texts[k].join(" ")].filter(Boolean).join(" ");
}

function listOfAnswers(c) {
  const columns = ["pair", "photographs", "your_answer", "shows", "right"];
  const list = table(
    c.say.text("your_answers"),
    columns.map((key) => c.say.text(`column_${key}`)),
  );
  const small = (k) => [
    image(c.pictures[2 * k], c.say.text("first_of_pair", { n: k + 1 })),
    " ",
    image(c.pictures[2 * k + 1], c.say.text("second_of_pair", { n: k + 1 })),
  ];
  const cells = (answer, k) => [
    `${k + 1}`,
    h("span", { class: "lx-small" }, small(k)),
    c.say.text(answer || "open"),
    c.say.text(c.m.truth[k] ? "same" : "different"),
    c.say.text(isRight(answer, c.m.truth[k]) ? "right" : "not_right"),
  ];
  const show = (answers) => list.fill(answers.map((answer, k) => ({ cells: cells(answer, k) })));
  return { node: list.node, show };
}

// S and D answer while something in the game has the focus.
function listenToKeys(root, answer) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") return;
    const value = KEYS[event.key.toLowerCase()];
    if (!value || event.repeat) return;
    event.preventDefault();
    event.stopPropagation();
    answer(value);
  });
}

// The buttons and what they do.
function buttons({ model, say }) {
  const answers = () => model.get("answers");
  const set = (k, value) => save(model, { answers: replaced(answers(), k, value) });
  const answer = (value) => {
    const k = openPair(answers());
    if (k < answers().length) set(k, value);
  };
  const back = () => {
    const k = openPair(answers());
    if (k > 0) set(k - 1, "");
  };
  const restart = () => {
    save(model, { answers: answers().map(() => "") });
    same.focus();
  };
  const big = (key, letter) =>
    h("button", { type: "button", class: "lx-big", onclick: () => answer(key) }, [
      say.text(`button_${key}`),
      h("kbd", {}, letter),
    ]);
  const same = big("same", "S");
  return {
    answer,
    same,
    different: big("different", "D"),
    undo: button(say.text("back"), back),
    again: button(say.text("again"), restart),
    facts: tick(say.text("in_facts"), model.get("in_facts"), (on) => save(model, { in_facts: on })),
  };
}

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const c = { model, m: d.meta, say: language(d.meta.words), pictures: addresses(d) };
  const n = c.m.truth.length;
  const root = frame(el, c.say.text("name"));
  const press = buttons(c);
  const heading = h("p", { class: "lx-title", "data-lx": "progress" });
  const progress = h("progress", { max: n, value: 0, "aria-label": c.say.text("progress") });
  const live = announcer();
  const stage = h("div");
  const list = listOfAnswers(c);
  const told = c.m.texts.some((facts) => facts.length > 0);

  root.append(
    heading,
    progress,
    live.node,
    stage,
    controls([press.same, press.different]),
    controls([press.undo, press.again, told ? press.facts.field : null]),
    h("p", { class: "lx-note" }, c.say.text("keys")),
  );
  listenToKeys(root, press.answer);

  function showEnd(answers) {
    list.show(answers);
    stage.replaceChildren(list.node);
    live.say(result(c, answers));
    const focus = document.activeElement;
    if (root.contains(focus) || focus === document.body) press.again.focus();
  }

  function update() {
    const answers = model.get("answers");
    const facts = model.get("in_facts");
    const k = openPair(answers);
    const done = k >= n;
    progress.value = k;
    heading.textContent = done
      ? c.say.text("all_answered", { n })
      : c.say.text("pair_of", { n: k + 1, all: n });
    press.facts.box.checked = facts;
    press.same.disabled = done;
    press.different.disabled = done;
    press.undo.disabled = k === 0;
    if (done) {
      showEnd(answers);
      return;
    }
    stage.replaceChildren(...(facts ? inFacts(c, k) : inPictures(c, k)));
    live.say(question(c, answers, k, facts));
  }
  return follow(model, ["answers", "in_facts"], update);
}

export default { render };
