// What games share: a list of answers and what changes it, the page around a question, keys that stay
// within the game, the focus that it keeps.

import { announcer, button, controls, follow, frame, save, tick } from "./page.js";
import { h } from "./pieces.js";

// Place of the pair to answer; the number of pairs when none is open.
export function openPair(answers) {
  const open = answers.indexOf("");
  return open < 0 ? answers.length : open;
}

export const replaced = (list, k, value) => list.map((x, i) => (i === k ? value : x));

export function asBase64(bytes) {
  let text = "";
  for (let k = 0; k < bytes.length; k += 8192) {
    text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  }
  return btoa(text);
}

// Keys answer while something in the game has the focus; named: what each key means.  JupyterLab
// would save with S and delete a cell with D D: no plain key leaves the game, and the game keeps the
// focus that it got.
export function listenToKeys(root, named, answer) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    const value = named[event.key.toLowerCase()];
    if (!value || event.repeat) return;
    event.preventDefault();
    answer(value);
  });
  // After a click somewhere between the buttons, or on one that is not to be pressed.
  root.addEventListener("pointerdown", () => setTimeout(() => holdFocus(root)));
}

export const within = (root) => root.contains(document.activeElement);

// What had the focus may be gone, or hidden, which the browser notices only later.
export function holdFocus(root) {
  const seen = within(root) && document.activeElement.getClientRects().length;
  if (!seen) root.focus({ preventScroll: true });
}

// At first show too, unless somebody is writing.  JupyterLab puts the focus back on its cell when
// that has run, so the game asks again for some frames, until the reader does anything.
export function takeFocus(root) {
  if (root.closest("[data-explorer]")) return; // one of many things on a page of the site
  let frames = 90;
  const stop = () => {
    frames = 0;
  };
  for (const deed of ["keydown", "pointerdown"]) addEventListener(deed, stop, { once: true });
  const ask = () => {
    const writing = document.activeElement?.closest(
      "input, textarea, select, [contenteditable=true]",
    );
    if (!writing && !within(root)) root.focus({ preventScroll: true });
    frames -= 1;
    if (frames > 0) requestAnimationFrame(ask);
  };
  ask();
}

// What changes the list of answers: answer(value), and the buttons beside those of a question.
function answering({ model, say }, root) {
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
    holdFocus(root);
  };
  return {
    answer,
    undo: button(say.text("back"), back),
    again: button(say.text("again"), restart),
    facts: tick(say.text("in_facts"), model.get("in_facts"), (on) => save(model, { in_facts: on })),
  };
}

// The page of a game with n questions.  buttons(answer): those of a question; keys: what each means;
// told: whether there is a version in facts; asked(k, facts) and ended(answers, facts): what is
// shown; question(answers, k) and result(answers): what is said; heading(answers, k); dress, where a
// game has more to set.
export function playing(c, el, of) {
  const root = frame(el, c.say.text("name"), true);
  const press = answering(c, root);
  const heading = h("p", { class: "lx-title", "data-lx": "progress" });
  const progress = h("progress", { max: of.n, value: 0, "aria-label": c.say.text("progress") });
  const live = announcer();
  const stage = h("div", { "data-lx": "stage" });
  const ask = controls(of.buttons(press.answer));
  const keys = h("p", { class: "lx-note" }, c.say.text("keys"));
  const beside = controls([press.undo, press.again, of.told ? press.facts.field : null]);

  root.append(heading, progress, live.node, stage, ask, beside, keys);
  listenToKeys(root, of.keys, press.answer);

  function show(answers, k, facts) {
    const done = k >= of.n;
    stage.replaceChildren(...(done ? of.ended(answers, facts) : of.asked(k, facts)));
    of.dress?.({ stage, heading, done, facts });
    live.say(done ? of.result(answers) : of.question(answers, k));
    heading.textContent = of.heading(answers, k);
    press.again.textContent = c.say.text(done ? "play_again" : "again");
    for (const part of [ask, progress, keys]) part.hidden = done;
  }

  function update() {
    const answers = c.model.get("answers");
    const facts = c.model.get("in_facts");
    const k = openPair(answers);
    const mine = within(root);
    progress.value = k;
    press.facts.box.checked = facts;
    press.undo.disabled = k === 0;
    show(answers, k, facts);
    if (mine) holdFocus(root);
  }
  const stop = follow(c.model, ["answers", "in_facts"], update);
  if (openPair(c.model.get("answers")) === 0) takeFocus(root);
  return stop;
}
