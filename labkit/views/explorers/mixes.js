// Training-mix explorer: choose who was learned from, see both errors of each band and the faces of
// people who are taken for one.  The numbers come from Python as they are shown.

import { axisBelow, guess, picture, whisker, words } from "./axes.js";
import { unpack } from "./data.js";
import { announcer, fitted, folded, follow, frame, fresh, save, table, title } from "./page.js";
import { h, piece, place, s } from "./pieces.js";
import { clamp, linear, logarithmic, niceTicks, tens } from "./scales.js";
import { language } from "./words.js";

const [LABEL, PITCH, TOP] = [76, 52, 22];

// ---- what is chosen, and what is said of it -----------------------------------------------------

export const chosen = (m, key) => m.mixes[Math.max(m.mixes.map((one) => one.key).indexOf(key), 0)];

const told = (say, rate) => rate.words || say.inWords(rate.value);

export const learned = (say, { people, gap }) => say.text("learned", { people, gap });

export function sentence(say, m, mix) {
  const listed = (k) =>
    m.bands
      .map((band, n) => say.text("band", { band, rate: told(say, mix.rates[k][n]) }))
      .join(", ");
  const [fmr, rejected] = [listed(0), listed(1)];
  return say.text("sentence", { learned: learned(say, mix), fmr, rejected });
}

// Where else two people are taken for one; the mix that is shown is left out.
export function alsoAt(say, m, pair, mix) {
  const at = m.mixes
    .map(({ name, key }, k) => ({ name, key, n: pair.also[k] }))
    .filter(({ key, n }) => n > 0 && key !== mix.key)
    .map(({ name, n }) => say.text("also_at", { mix: name, n }));
  if (!at.length) return say.text("also_none");
  return say.text("also", { list: at.join(", "), all: mix.trainings });
}

export function aboutPair(say, m, pair, mix) {
  const { about, errors, trials } = pair;
  return say.text("pair", { about, errors, trials, also: alsoAt(say, m, pair, mix) }).trim();
}

// The ends of an axis: the same at every mix, so that dots move and axes do not.
export function reach(m, k) {
  const all = m.mixes.flatMap((mix) => mix.rates[k]);
  const ends = all.flatMap(({ low, high, value, each }) => [low, high, value, ...each]);
  const known = ends.filter((x) => Number.isFinite(x) && x > 0);
  if (!known.length) return m.rates[k].log ? [1e-3, 0.1] : [0, 0.1];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return m.rates[k].log ? [Math.min(low / 1.3, 1e-3), Math.max(1.3 * high, 0.02)] : [0, 1.1 * high];
}

// ---- the pictures -------------------------------------------------------------------------------

function axisOf(say, m, k, [left, right]) {
  const [low, high] = reach(m, k);
  const rate = m.rates[k].short;
  if (m.rates[k].log) {
    const titles = [say.text("log_axis", { rate }), rate];
    return {
      x: logarithmic(low, high, left, right),
      ticks: tens(low, high),
      name: say.tenName,
      titles,
    };
  }
  const { ticks, places } = niceTicks(low, high, (right - left) / 110);
  const digits = Math.max(0, places - 2);
  const name = (v) => say.text("in_100", { n: (100 * v).toFixed(digits) });
  return { x: linear(low, high, left, right), ticks, name, titles: [rate] };
}

function drawBand(svg, say, rate, y, { x, left, right }) {
  if (rate.words) {
    svg.append(
      words(left + 6, y + 4, rate.words, { class: "lx-quiet lx-halo", "font-style": "italic" }),
    );
  } else {
    const thin = { stroke: "var(--lab-a)", "stroke-width": 2 };
    svg.append(whisker(x(rate.low), x(rate.high), y, 5, thin, [left, right]));
    svg.append(
      s("circle", { cx: x(rate.value), cy: y, r: 5.5, fill: "var(--lx-ink)", "data-lx": "mean" }),
    );
    const text = say.inWords(rate.value);
    const half = guess(text) / 2;
    const look = { class: "lx-halo", "text-anchor": "middle" };
    svg.append(words(clamp(x(rate.value), left + half, right - half), y - 10, text, look));
  }
  for (const one of rate.each) {
    if (!(one > 0)) continue;
    const look = { fill: "var(--lx-paper)", stroke: "var(--lab-a)", "stroke-width": 1.5 };
    svg.append(s("circle", { cx: x(one), cy: y + 12, r: 3, "data-lx": "training", ...look }));
  }
}

function drawRate(say, m, mix, k, width) {
  const [left, right] = [LABEL + 8, width - 14];
  const base = TOP + m.bands.length * PITCH;
  const about = { rate: m.rates[k].short, n: m.bands.length, mix: mix.name };
  const svg = picture(width, base + 42, say.text("picture", about));
  const axis = axisOf(say, m, k, [left, right]);
  axisBelow(svg, { left, right, y: base, top: TOP - 8, at: axis.x, ...axis });
  m.bands.forEach((band, n) => {
    const y = TOP + (n + 0.45) * PITCH;
    svg.append(words(LABEL, y + 4, band, { "text-anchor": "end", "font-weight": 600 }));
    drawBand(svg, say, mix.rates[k][n], y, { x: axis.x, left, right });
  });
  return svg;
}

// ---- the faces ----------------------------------------------------------------------------------

function faceRow(say, m, sprite) {
  const address = URL.createObjectURL(new Blob([sprite], { type: "image/webp" }));
  const face = (of, label) => {
    const [x, y] = [of % m.columns, Math.floor(of / m.columns)];
    const where = `background-position: -${x * m.tile}px -${y * m.tile}px`;
    return piece("div", {
      class: "lx-face",
      role: "img",
      "aria-label": label,
      style: `background-image: url("${address}"); ${where}`,
      "data-place": of,
    });
  };
  const head = h("p", { class: "lx-which" });
  const row = h("div", { class: "lx-wrongs" });
  const node = h("div", { class: "lx-taken" }, [
    head,
    row,
    h("p", { class: "lx-note" }, say.text("by_lot")),
  ]);
  function show(mix) {
    head.textContent = say.text("faces", { mix: mix.name });
    const made = mix.pairs.map((which, at) => {
      const pair = m.pairs[which];
      const [one, other] = pair.tiles;
      const k = at + 1;
      const both = [
        face(one, say.text("first_face", { k })),
        face(other, say.text("second_face", { k })),
      ];
      const about = aboutPair(say, m, pair, mix);
      const said = piece("p", { class: "lx-note", "data-lx": "pair" }, about);
      return piece("div", { class: "lx-pair" }, [piece("div", { class: "lx-two" }, both), said]);
    });
    place(row, made.length ? made : [piece("p", {}, say.text("no_faces"))]);
  }
  return { node, show, stop: () => URL.revokeObjectURL(address) };
}

// ---- the table ----------------------------------------------------------------------------------

const COLUMNS = ["band", "error", "mean", "interval", "each"];

function ratesTable(say, m) {
  const made = table(
    "",
    COLUMNS.map((key) => say.text(`column_${key}`)),
  );
  const row = (rate, k, n) => ({
    kind: rate.words ? "lx-thin" : null,
    full: { value: rate.value, low: rate.low, high: rate.high },
    cells: [
      m.bands[n],
      m.rates[k].short,
      told(say, rate),
      rate.words || say.between(rate.low, rate.high),
      rate.each.map((x) => say.inWords(x)).join(", "),
    ],
  });
  function fill(mix) {
    made.caption.textContent = say.text("caption", { people: mix.people });
    made.fill(mix.rates.flatMap((rates, k) => rates.map((rate, n) => row(rate, k, n))));
  }
  return { node: made.node, fill };
}

// ---- all of it ----------------------------------------------------------------------------------

// One of the mixes; arrows move between them as in every list of its kind.
function chooseMix(say, m, model) {
  const group = fresh("mix");
  const boxes = m.mixes.map(({ key, name }) => {
    const box = h("input", {
      type: "radio",
      name: group,
      id: fresh("one"),
      value: key,
      onchange: () => save(model, { mix: key }),
    });
    return {
      key,
      box,
      node: h("div", { class: "lx-check" }, [box, h("label", { for: box.id }, name)]),
    };
  });
  const node = h("fieldset", { class: "lx-choice" }, [
    h("legend", {}, say.text("choose")),
    ...boxes.map((one) => one.node),
  ]);
  const show = (mix) => {
    for (const { key, box } of boxes) box.checked = key === mix.key;
  };
  return { node, show };
}

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const m = d.meta;
  const say = language(m.words);
  const now = () => chosen(m, model.get("mix"));
  const choice = chooseMix(say, m, model);
  const live = announcer();
  const people = faceRow(say, m, d.faces);
  const who = h("p", { "data-lx": "learned" });
  const listed = ratesTable(say, m);
  const holders = m.rates.map(() => h("div", { class: "lx-half" }));
  frame(el, say.text("label")).append(
    title(say.text("name")),
    choice.node,
    who,
    h("figure", {}, [
      h("div", { class: "lx-beside" }, holders),
      h("figcaption", {}, say.text("how_to_read")),
    ]),
    people.node,
    h("div", { class: "lx-relative" }, live.spoken),
    h("div", { class: "lx-row" }, [
      folded(say.text("in_words"), live.shown),
      folded(say.text("as_table"), listed.node),
    ]),
  );
  const views = holders.map((holder, k) =>
    fitted(holder, (width) => drawRate(say, m, now(), k, width)),
  );
  const stop = follow(model, ["mix"], () => {
    const mix = now();
    choice.show(mix);
    who.textContent = learned(say, mix);
    people.show(mix);
    listed.fill(mix);
    live.say(sentence(say, m, mix));
    for (const view of views) view.again();
  });
  return () => {
    for (const view of views) view.stop();
    people.stop();
    stop();
  };
}

export default { render };
