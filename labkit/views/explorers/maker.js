// Face maker: move one number of a drawing, of the person or of the photograph, and see what two
// matchers make of the picture.  A guess comes first.  Numbers come from Python as they are shown.

import { level, picture, words } from "./axes.js";
import { unpack } from "./data.js";
import {
  announcer,
  button,
  chooser,
  controls,
  field,
  fitted,
  folded,
  follow,
  frame,
  fresh,
  save,
  slider,
  table,
  title,
} from "./page.js";
import { h, s } from "./pieces.js";
import { clamp, linear } from "./scales.js";
import { language } from "./words.js";

const BELONGS = ["person", "picture"];
const GUESSES = ["0", "1", "2"];
const [TALL, TOP, BELOW] = [150, 12, 138];

// ---- what is chosen, and what is said of it ------------------------------------------------------

// Everything that is shown at a person, a parameter and a step.
export function at(m, person, parameter, step) {
  const place = Math.max(
    m.strips.findIndex((strip) => strip.name === parameter),
    0,
  );
  const strip = m.strips[place];
  const of = m.people[person].strips[place];
  const here = clamp(step, 0, strip.told.length - 1);
  return { person, strip, of, step: here, key: `${person} ${strip.name}` };
}

// How many matchers say "the same person" at the right end.
export const foundAtEnd = ({ of }) =>
  of.outcomes.filter((all) => ["same", "itself"].includes(all[all.length - 1])).length;

export function amountOf(say, { strip, step }) {
  const about = { means: strip.means, told: strip.told[step] };
  return say.text(step === strip.start ? "value_start" : "value", about);
}

// What one matcher makes of the picture.
export function verdict(say, m, { of, step }, k) {
  const { name, threshold } = m.matchers[k];
  const about = { matcher: name, score: of.scores[k][step], threshold };
  const known = {
    itself: () => say.text("itself", about),
    same: () => say.text("same", about),
    other: () => say.text("other", about),
    lost: () => say.text("lost", about),
  };
  return known[of.outcomes[k][step]]();
}

export function afterGuess(say, one, guess) {
  const n = `${foundAtEnd(one)}`;
  const found = say.text(`found_${n}`);
  if (!GUESSES.includes(guess)) return say.text("no_guess", { found });
  if (guess === n) return say.text("as_guessed", { found });
  return say.text("not_guessed", { found, guess: say.text(`guess_${guess}`) });
}

export function sentence(say, m, one, guess) {
  const value = `${amountOf(say, one)}.`;
  if (!guess) return [value, say.text("hidden")].join(" ");
  return [value, ...m.matchers.map((_, k) => verdict(say, m, one, k))].join(" ");
}

export function tableRows(say, m, { strip, of }) {
  return strip.told.map((told, step) => ({
    full: { step },
    cells: [
      told,
      ...m.matchers.flatMap((_, k) => [
        of.scores[k][step] ?? "\u2013",
        say.text(`cell_${of.outcomes[k][step]}`),
      ]),
    ],
  }));
}

// ---- pictures -----------------------------------------------------------------------------------

// Addresses of the pictures, each made when it is first shown.
function album(m, bytes) {
  const made = new Map();
  const starts = m.sizes.map((_, k) => m.sizes.slice(0, k).reduce((a, b) => a + b, 0));
  return {
    address(k) {
      if (!made.has(k)) {
        const part = bytes.subarray(starts[k], starts[k] + m.sizes[k]);
        made.set(k, URL.createObjectURL(new Blob([part], { type: "image/webp" })));
      }
      return made.get(k);
    },
    stop() {
      for (const address of made.values()) URL.revokeObjectURL(address);
    },
  };
}

function pictured(name) {
  const image = h("img", { class: "lx-portrait" });
  const said = h("figcaption", {}, name);
  return { image, said, node: h("figure", { class: "lx-seen" }, [image, said]) };
}

// The starting picture, and the one where the slider stands.
function twoPictures(c) {
  const [first, now] = [pictured(c.say.text("first")), pictured("")];
  const node = h("div", { class: "lx-lineup" }, [first.node, now.node]);
  const put = (image, one, step) => {
    image.src = c.album.address(one.of.pictures[step]);
    image.alt = c.say.text("picture", {
      n: one.person + 1,
      value: amountOf(c.say, { ...one, step }),
    });
  };
  function show(one) {
    put(first.image, one, one.strip.start);
    put(now.image, one, one.step);
    now.said.textContent = c.say.text("now", { told: one.strip.told[one.step] });
  }
  return { node, show };
}

// All pictures of the parameter in a row, the present one framed.
function stripOf(c) {
  const node = h("div", { class: "lx-strip", role: "img" });
  let shown = "";
  function show(one) {
    if (shown !== one.key) {
      shown = one.key;
      const { means, low, high } = one.strip;
      node.setAttribute("aria-label", c.say.text("strip", { means, low, high }));
      node.replaceChildren(
        ...one.of.pictures.map((k) => h("img", { src: c.album.address(k), alt: "" })),
      );
    }
    [...node.children].forEach((image, k) => {
      image.classList.toggle("lx-here", k === one.step);
    });
  }
  return { node, show };
}

// ---- the charts ---------------------------------------------------------------------------------

const SHAPES = {
  same: (x, y, colour) => mark(x, y, { fill: colour, stroke: colour }),
  itself: (x, y, colour) => mark(x, y, { fill: colour, stroke: colour }),
  other: (x, y, colour) => mark(x, y, { fill: "var(--lx-paper)", stroke: colour }),
  lost: (x, _y, colour) =>
    s("path", {
      d: `M${x - 5},${BELOW - 15}l10,10m0,-10l-10,10`,
      stroke: colour,
      "stroke-width": 2,
      fill: "none",
    }),
};

const mark = (cx, cy, looks) => s("circle", { cx, cy, r: 5.5, "stroke-width": 2, ...looks });

function drawChart(c, one, k, width) {
  const { say, m } = c;
  const { name, threshold, at: least, low, high } = m.matchers[k];
  const n = one.strip.told.length;
  const svg = picture(width, TALL, say.text("chart", { matcher: name, n, threshold }));
  const y = linear(low, high, BELOW, TOP);
  const x = (step) => ((step + 0.5) * width) / n;
  // Not --lab-b for the second: elsewhere it is the colour of false matches.
  const colour = k ? "var(--lab-c)" : "var(--lab-a)";
  const dashes = { stroke: "var(--lx-ink)", "stroke-width": 1.5, "stroke-dasharray": "7 4" };
  svg.append(level(BELOW, 0, width, { class: "lx-axis" }), level(y(least), 0, width, dashes));
  one.of.outcomes[k].forEach((outcome, step) => {
    const height = y(Number(one.of.scores[k][step]));
    const node = SHAPES[outcome](x(step), height, colour);
    node.attributes["data-lx"] = outcome;
    if (step === one.step) {
      const ring = { r: 10, fill: "none", stroke: "var(--lx-ink)", "stroke-width": 1.5 };
      const cy = outcome === "lost" ? BELOW - 10 : height;
      svg.append(s("circle", { cx: x(step), cy, ...ring, "data-lx": "here" }));
    }
    svg.append(node);
  });
  const under = y(least) + 16 > BELOW ? -6 : 15;
  svg.append(words(2, y(least) + under, say.text("line", { threshold }), { class: "lx-halo" }));
  return svg;
}

// ---- the question -------------------------------------------------------------------------------

// Buttons, not a list of options: with arrow keys a list would take the first one passed as the guess.
function asking(c) {
  let now = null;
  const keep = (guess) =>
    save(c.model, { guesses: { ...c.model.get("guesses"), [now.key]: guess } });
  const question = h("p", { id: fresh("question"), "data-lx": "question" });
  const answers = GUESSES.map((guess) => button(c.say.text(`guess_${guess}`), () => keep(guess)));
  const skip = button(c.say.text("show"), () => keep("shown"));
  const about = { role: "group", "aria-labelledby": question.id };
  const node = h("div", about, [question, controls([...answers, skip])]);
  const came = h("p", { "data-lx": "guess", tabindex: -1 });
  function show(one, guess) {
    const held = node.contains(document.activeElement);
    now = one;
    question.textContent = c.say.text("question", { high: one.strip.high });
    node.hidden = Boolean(guess);
    came.hidden = !guess;
    came.textContent = guess ? afterGuess(c.say, one, guess) : "";
    if (guess && held) came.focus({ preventScroll: true });
  }
  return { node: h("div", {}, [node, came]), show };
}

// ---- all of it ----------------------------------------------------------------------------------

// Other people and other parameters begin where the slider starts.
function choosing(c) {
  const { model, m, say } = c;
  const people = m.people.map((_, k) => [k, say.text("person", { n: k + 1 })]);
  const person = chooser(say.text("choose_person"), people, model.get("person"), (k) =>
    save(model, { person: Number(k) }),
  );
  const select = h("select", {
    onchange: () => {
      const { strip } = at(m, 0, select.value, 0);
      save(model, { parameter: strip.name, step: strip.start });
    },
  });
  for (const kind of BELONGS) {
    const own = m.strips.filter((strip) => strip.of === kind);
    const options = own.map((strip) => h("option", { value: strip.name }, strip.means));
    select.append(h("optgroup", { label: say.text(`of_${kind}`) }, options));
  }
  const node = controls([person.field, field(say.text("choose"), select)]);
  function show(one) {
    person.select.value = one.person;
    select.value = one.strip.name;
  }
  return { node, show };
}

function charts(c, now) {
  const holders = c.m.matchers.map(() => h("div", {}));
  const heads = c.m.matchers.map(({ name }) => h("p", { class: "lx-which" }, name));
  const both = holders.map((holder, k) => h("div", { class: "lx-half" }, [heads[k], holder]));
  const strangers = { strangers: c.m.strangers };
  const node = h("figure", {}, [
    h("div", { class: "lx-row" }, both),
    h("figcaption", {}, c.say.text("how_to_read", strangers)),
  ]);
  const views = holders.map((holder, k) =>
    fitted(holder, (width) => drawChart(c, now(), k, width)),
  );
  return { node, views };
}

function tableOf(c) {
  const of = c.m.matchers.flatMap(({ name }) =>
    ["column_score", "column_says"].map((key) => c.say.text(key, { matcher: name })),
  );
  const made = table("", [c.say.text("column_value"), ...of]);
  function show(one) {
    const { means, low, high } = one.strip;
    made.caption.textContent = c.say.text("caption", { n: one.person + 1, means, low, high });
    made.fill(tableRows(c.say, c.m, one));
  }
  return { node: folded(c.say.text("as_table"), made.node), show };
}

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const m = d.meta;
  const say = language(m.words);
  const c = { model, m, say, album: album(m, d.pictures) };
  const now = () => at(m, model.get("person"), model.get("parameter"), model.get("step"));
  const range = slider(model, "step", m.strips[0].told.length - 1);
  const wide = field("", range, true);
  const [choose, ask, two, strip, listed] = [choosing, asking, twoPictures, stripOf, tableOf].map(
    (make) => make(c),
  );
  const chart = charts(c, now);
  const live = announcer();
  const about = h("p", { class: "lx-note" });
  const read = h("p", { class: "lx-live", "data-lx": "read" });
  const after = h("div", {}, [chart.node, read, listed.node]);
  frame(el, say.text("label")).append(
    title(say.text("name")),
    choose.node,
    about,
    ask.node,
    h("div", { class: "lx-steps" }, [wide, strip.node]),
    two.node,
    live.node,
    after,
    h("p", { class: "lx-note" }, say.text("limit")),
  );
  const stop = follow(model, ["person", "parameter", "step", "guesses"], () => {
    const one = now();
    const guess = model.get("guesses")[one.key] ?? "";
    const { means, low, high } = one.strip;
    range.max = one.strip.told.length - 1;
    range.value = one.step;
    range.setAttribute("aria-valuetext", amountOf(say, one));
    wide.firstChild.textContent = say.text("slider", { means, low, high });
    about.textContent = say.text(`is_${one.strip.of}`);
    for (const part of [choose, two, strip, listed]) part.show(one);
    ask.show(one, guess);
    after.hidden = !guess;
    read.textContent = one.of.read;
    live.say(sentence(say, m, one, guess));
    for (const view of chart.views) view.again();
  });
  return () => {
    for (const view of chart.views) view.stop();
    c.album.stop();
    stop();
  };
}

export default { render };
