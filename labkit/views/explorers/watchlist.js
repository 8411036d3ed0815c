// Watchlist explorer: choose how many are on the list, how many of those scanned are, and an FMR;
// see alerts as people.  Searches are counted here, from a number a search.

import { axisBelow, fitting, level, picture, stripes, upright, words } from "./axes.js";
import { unpack } from "./data.js";
import {
  announcer,
  controls,
  field,
  fitted,
  folded,
  follow,
  frame,
  fresh,
  slider,
  table,
  title,
} from "./page.js";
import { h, kept, s } from "./pieces.js";
import { linear, logarithmic, tens } from "./scales.js";
import { count, language } from "./words.js";

const [COLUMNS, MOST] = [20, 120];
const [ROW, HEAD] = [1.5, 22];
const GROUPS = ["right", "wrong", "missed"];

// ---- what is counted ----------------------------------------------------------------------------

// A share of n searches with its ends: Python has worked out the low one for every count, and the
// high one is that of the searches which did not.
const rateOf = (d, hits, n) => ({
  value: hits / n,
  low: d[`low_${n}`][hits],
  high: 1 - d[`low_${n}`][n - hits],
});

// Searches that return somebody, of those by people enrolled nowhere.
export function fpir(d, k, { size, step }) {
  const n = d.meta.probes;
  const t = d[`thresholds_${k}`][step];
  const best = d[`best_${k}`];
  let hits = 0;
  for (let i = size * n; i < (size + 1) * n; i += 1) if (best[i] >= t) hits += 1;
  return rateOf(d, hits, n);
}

// Enrolled people whose own entry is found, of those in the gallery.
export function tpir(d, k, { size, step }) {
  const n = d.meta.mates;
  const t = d[`thresholds_${k}`][step];
  const inside = d[`inside_${k}`].subarray(size * n, (size + 1) * n);
  let [hits, all] = [0, 0];
  d[`mates_${k}`].forEach((score, i) => {
    if (!inside[i]) return;
    all += 1;
    if (score >= t) hits += 1;
  });
  return rateOf(d, hits, all);
}

// An upper bound of FPIR: as if all comparisons were independent.
export const formula = (fmr, n) => -Math.expm1(n * Math.log1p(-fmr));

const times = ({ value, low, high }, n) => ({ value: n * value, low: n * low, high: n * high });

// People of one matcher: found, falsely alerted, missed; only a bound where nobody searched.
export function alerts(d, k, at) {
  const m = d.meta;
  const wanted = m.wanted[at.wanted];
  const others = m.people - wanted;
  const { name } = m.matchers[k];
  if (at.size >= m.sizes.length) {
    const bound = others * formula(m.rates[at.step], m.galleries[at.size]);
    return { name, beyond: true, bound };
  }
  const rates = { fpir: fpir(d, k, at), tpir: tpir(d, k, at) };
  const [right, wrong] = [times(rates.tpir, wanted), times(rates.fpir, others)];
  const missed = wanted - Math.round(right.value);
  const all = right.value + wrong.value;
  return {
    name,
    ...rates,
    right,
    wrong,
    missed: { value: missed },
    share: all ? right.value / all : Number.NaN,
  };
}

// ---- what is said -------------------------------------------------------------------------------

const whole = (say, n) => (n > 0 && n < 0.5 ? say.text("fewer") : count(n));

function withEnds(say, { value, low, high }) {
  if (value === 0 && high > 0) return say.text("at_most", { n: count(Math.ceil(high)) });
  return say.text("counted", { n: whole(say, value), low: count(low), high: count(high) });
}

const rightOf = (say, one) =>
  Number.isFinite(one.share) ? say.inWords(one.share) : say.text("no_alert");

const chosen = (say, m, at) =>
  say.text("set", {
    gallery: count(m.galleries[at.size]),
    wanted: count(m.wanted[at.wanted]),
    people: count(m.people),
    fmr: say.inWords(m.rates[at.step]),
  });

function each(say, one) {
  const { name: matcher } = one;
  if (one.beyond) return say.text("each_beyond", { matcher, bound: count(one.bound) });
  return say.text("each", {
    matcher,
    right: whole(say, one.right.value),
    wrong: withEnds(say, one.wrong),
    missed: whole(say, one.missed.value),
    share: rightOf(say, one),
  });
}

export function sentence(say, d, at) {
  const found = d.meta.matchers.map((_, k) => each(say, alerts(d, k, at)));
  return say.text("sentence", { set: chosen(say, d.meta, at), each: found.join(" ") });
}

// How many people a little figure stands for: the same for all matchers.
export function unit(found) {
  const sums = found
    .filter((one) => !one.beyond)
    .map((one) => GROUPS.reduce((sum, key) => sum + one[key].value, 0));
  const most = Math.max(...sums, 1);
  for (let ten = 1; ; ten *= 10) {
    for (const m of [1, 2, 5]) if (most / (m * ten) <= MOST) return m * ten;
  }
}

// ---- little figures -----------------------------------------------------------------------------

// Head and shoulders, drawn from the corner of a cell of width c; the shoulders of somebody else are
// stripes.  Where a part is closed, the next begins at its first point.
function body(c, striped) {
  const by = (...numbers) => numbers.map((v) => (v * c).toFixed(2)).join(" ");
  const half = (to) => `a${by(0.21, 0.21)} 0 1 0 ${by(to, 0)}`;
  const head = `m${by(0.29, 0.27)}${half(0.42)}${half(-0.42)}z`;
  if (striped) {
    const bar = `h${by(0.76)}v${by(0.15)}h${by(-0.76)}z`;
    return `${head}m${by(-0.17, 0.31)}${bar}m${by(0, 0.26)}${bar}m${by(0, 0.26)}${bar}`;
  }
  const side = (to) => `q${to < 0 ? by(0, to, 0.26, to) : by(0.26, 0, 0.26, to)}`;
  return `${head}m${by(-0.17, 1.03)}v${by(-0.45)}${side(-0.29)}h${by(0.24)}${side(0.29)}v${by(0.45)}z`;
}

const LOOKS = {
  right: { fill: "var(--lab-a)" },
  wrong: { fill: "var(--lab-b)" },
  missed: { fill: "var(--lx-paper)", stroke: "var(--lx-ink)", "stroke-width": 1 },
};

function heap(svg, key, figures, { top, cell, id }) {
  const all = Math.floor(figures + 1e-9);
  const place = (k) => [(k % COLUMNS) * cell, top + Math.floor(k / COLUMNS) * ROW * cell];
  const form = body(cell, key === "wrong");
  const shape = (k) => `M${place(k).map((v) => v.toFixed(1))}${form}`;
  const d = Array.from({ length: all }, (_, k) => shape(k)).join("");
  if (d) svg.append(s("path", { d, ...LOOKS[key], "data-lx": key, "data-figures": all }));
  const part = figures - all;
  if (part < 1e-6) return;
  const [x, y] = place(all);
  const faint = key === "missed" ? { fill: "none", stroke: "var(--lab-faint)" } : null;
  svg.append(
    s("path", { d: shape(all), ...(faint ?? { fill: "var(--lab-faint)" }) }),
    s("clipPath", { id }, s("rect", { x, y, width: part * cell, height: ROW * cell })),
    s("path", {
      d: shape(all),
      ...LOOKS[key],
      "clip-path": `url(#${id})`,
      "data-lx": `${key} part`,
    }),
  );
}

const rowsOf = (n, one) => Math.ceil(Math.ceil(n / one - 1e-9) / COLUMNS);

function drawPeople(say, one, per, { id, width }) {
  const cell = Math.min(16, (width - 2) / COLUMNS);
  const head = (key) => {
    const short = say.text(key, { n: whole(say, one[key].value) });
    return fitting([say.text(key, { n: told(say, one, key) }), short], width / 1.1);
  };
  const deep = one.beyond
    ? 96
    : GROUPS.reduce((sum, key) => sum + HEAD + 6 + rowsOf(one[key].value, per) * ROW * cell, 6);
  const label = say.text("people_picture", { matcher: one.name, counts: each(say, one) });
  const svg = picture(width, deep, label);
  if (one.beyond) {
    svg.append(s("defs", {}, stripes(id, "var(--lab-faint)", 45)));
    svg.append(s("rect", { width, height: deep, fill: `url(#${id})`, "data-lx": "refused" }));
    svg.append(words(10, 40, say.text("refused"), { class: "lx-halo", "font-weight": 600 }));
    const bound = { n: count(one.bound) };
    const said = fitting([say.text("at_most_bound", bound), say.text("bound", bound)], width - 20);
    svg.append(words(10, 64, said, { class: "lx-halo" }));
    return svg;
  }
  let top = 0;
  GROUPS.forEach((key, n) => {
    svg.append(words(1, top + 15, head(key), { "font-weight": n < 2 ? 600 : null }));
    heap(svg, key, one[key].value / per, { top: top + HEAD, cell, id: `${id}-${key}` });
    top += HEAD + 6 + rowsOf(one[key].value, per) * ROW * cell;
  });
  return svg;
}

const told = (say, one, key) =>
  key === "missed" ? whole(say, one.missed.value) : withEnds(say, one[key]);

// ---- FPIR at every size -------------------------------------------------------------------------

function drawSizes(say, d, at, { id, width, still }) {
  const m = d.meta;
  const [left, right, top, base] = [40, width - 12, 14, 190];
  const ends = [m.sizes[0] / 1.3, m.galleries[m.galleries.length - 1] * 1.3];
  const x = logarithmic(...ends, left, right);
  const y = linear(0, 1, base, top);
  const places = { x, y, left, right, top, base, ends, id };
  const { below, above } = still(`${width} ${at.step}`, () => everySize(say, d, at.step, places));
  const svg = picture(width, base + 42, say.text("sizes_picture", { n: m.matchers.length }));
  const here = x(m.galleries[at.size]);
  const line = upright(here, top, base, { stroke: "var(--lx-ink)", "stroke-width": 1 });
  svg.append(below, line, above);
  return svg;
}

// What is the same for every gallery: below the line of the one that is chosen, and above it.
function everySize(say, d, step, { x, y, left, right, top, base, ends: [first, last], id }) {
  const m = d.meta;
  const [below, above] = [s("g"), s("g")];
  below.append(s("defs", {}, stripes(id, "var(--lab-faint)", 45)));
  const edge = x(m.sizes[m.sizes.length - 1] * 1.25);
  const zone = { x: edge, y: top, width: right - edge, height: base - top };
  below.append(s("rect", { ...zone, fill: `url(#${id})`, "data-lx": "beyond" }));
  for (const rate of [0, 0.5, 1]) {
    below.append(level(y(rate), left, right, { class: "lx-grid" }));
    below.append(words(left - 6, y(rate) + 4, `${100 * rate}`, { "text-anchor": "end" }));
  }
  axisBelow(below, {
    left,
    right,
    y: base,
    at: x,
    titles: [say.text("sizes_axis"), say.text("sizes_axis_short")],
    ticks: tens(first, last),
    name: count,
  });
  const places = Array.from({ length: 60 }, (_, k) => first * (last / first) ** (k / 59));
  const line = places.map((n) => `${x(n)},${y(formula(m.rates[step], n))}`).join(" ");
  const dashes = { fill: "none", stroke: "var(--lab-quiet)", "stroke-dasharray": "5 4" };
  below.append(s("polyline", { points: line, ...dashes, "data-lx": "formula" }));
  m.matchers.forEach(({ name }, k) => {
    drawMatcher(above, d, k, { step, x, y, name });
  });
  return { below, above };
}

// Dots of the first matcher are round, of the second square; both are named beside the last.
function drawMatcher(svg, d, k, { step, x, y, name }) {
  const colour = k ? "var(--lab-b)" : "var(--lab-a)";
  const side = k ? 4 : -4;
  d.meta.sizes.forEach((n, size) => {
    const { value, low, high } = fpir(d, k, { size, step });
    const [px, py] = [x(n) + side, y(value)];
    svg.append(upright(px, y(high), y(low), { stroke: colour, "stroke-width": 2 }));
    const look = { fill: colour, "data-lx": `fpir ${k}`, "data-value": value };
    svg.append(
      k
        ? s("rect", { x: px - 4, y: py - 4, width: 8, height: 8, ...look })
        : s("circle", { cx: px, cy: py, r: 4.5, ...look }),
    );
  });
  const last = d.meta.sizes.length - 1;
  const ends = d.meta.matchers.map((_, j) => y(fpir(d, j, { size: last, step }).value));
  const own = apart(ends)[k];
  const place = x(d.meta.sizes[last]) + 16;
  svg.append(words(place, own + 4, name, { class: "lx-halo", "font-weight": 600 }));
}

// Places of two names, at least a line from each other.
export function apart([one, two], gap = 16) {
  if (two === undefined || Math.abs(one - two) >= gap) return [one, two];
  const middle = (one + two) / 2;
  const up = one <= two ? -1 : 1;
  return [middle + (up * gap) / 2, middle - (up * gap) / 2];
}

// ---- the tables ---------------------------------------------------------------------------------

const ALERTS = ["matcher", "fpir", "tpir", "right", "wrong", "missed", "share"];

function tables(say, m) {
  const named = (keys) => keys.map((key) => say.text(`column_${key}`));
  const now = table(say.text("caption", { people: count(m.people) }), named(ALERTS));
  const sizes = table("", [
    ...named(["size"]),
    ...m.matchers.map((one) => one.name),
    ...named(["formula"]),
  ]);
  const rate = (one) =>
    say.text("with_ends", { rate: say.inWords(one.value), range: say.between(one.low, one.high) });
  function row(one) {
    if (one.beyond) {
      const cells = [one.name, ...ALERTS.slice(1).map(() => say.text("not_measured"))];
      cells[ALERTS.indexOf("wrong")] = say.text("bound", { n: count(one.bound) });
      return { kind: "lx-thin", cells };
    }
    const cells = [rate(one.fpir), rate(one.tpir), ...GROUPS.map((key) => told(say, one, key))];
    return {
      cells: [one.name, ...cells, rightOf(say, one)],
      full: { fpir: one.fpir.value, tpir: one.tpir.value, low: one.fpir.low, high: one.fpir.high },
    };
  }
  const cellsOf = (d, n, size, step) => [
    count(n),
    ...m.matchers.map((_, k) =>
      size < m.sizes.length ? rate(fpir(d, k, { size, step })) : say.text("not_measured"),
    ),
    say.inWords(formula(m.rates[step], n)),
  ];
  const ofStep = kept();
  function fill(d, at, found) {
    now.fill(found.map(row));
    const fmr = m.rates[at.step];
    sizes.caption.textContent = say.text("caption_sizes", { fmr: say.inWords(fmr) });
    const every = ofStep(at.step, () => m.galleries.map((n, size) => cellsOf(d, n, size, at.step)));
    sizes.fill(every.map((cells, size) => ({ kind: size === at.size ? "lx-now" : null, cells })));
  }
  return { node: h("div", {}, [now.node, sizes.node]), fill };
}

// ---- all of it ----------------------------------------------------------------------------------

// A slider with the value that it stands for below it.
function dial(say, model, key, trait, last) {
  const range = slider(model, trait, last);
  const value = h("p", { class: "lx-hint" });
  const node = h("div", {}, [field(say.text(key), range, true), value]);
  const show = (text) => {
    range.value = model.get(trait);
    range.setAttribute("aria-valuetext", text);
    value.textContent = text;
  };
  return { node, show };
}

function threeDials(say, m, model) {
  const gallery = dial(say, model, "gallery", "size", m.galleries.length - 1);
  const wanted = dial(say, model, "wanted", "wanted", m.wanted.length - 1);
  const fmr = dial(say, model, "fmr", "step", m.rates.length - 1);
  function show(at) {
    const n = count(m.galleries[at.size]);
    gallery.show(say.text(at.size < m.sizes.length ? "value_gallery" : "value_beyond", { n }));
    const people = m.wanted[at.wanted];
    const rate = say.inWords(people / m.people);
    const of = { wanted: count(people), people: count(m.people), rate };
    wanted.show(say.text("value_wanted", of));
    fmr.show(say.inWords(m.rates[at.step]));
  }
  return { nodes: [gallery.node, wanted.node, fmr.node], show };
}

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const m = d.meta;
  const say = language(m.words);
  const now = () => Object.fromEntries(["size", "wanted", "step"].map((k) => [k, model.get(k)]));
  const dials = threeDials(say, m, model);
  const live = announcer();
  const per = h("p", { class: "lx-note" });
  const listed = tables(say, m);
  const halves = m.matchers.map(({ name }) => {
    const holder = h("div");
    return {
      id: fresh("people"),
      holder,
      node: h("div", { class: "lx-half" }, [h("p", { class: "lx-label" }, name), holder]),
    };
  });
  const sizes = h("div");
  frame(el, say.text("label")).append(
    title(say.text("title")),
    controls(dials.nodes),
    h("figure", {}, [
      h(
        "div",
        { class: "lx-beside" },
        halves.map((one) => one.node),
      ),
      h("figcaption", {}, per),
    ]),
    h("p", { class: "lx-label" }, say.text("sizes_title")),
    h("figure", {}, [sizes, h("figcaption", {}, say.text("how_to_read"))]),
    h("div", { class: "lx-relative" }, live.spoken),
    h("div", { class: "lx-row" }, [
      folded(say.text("in_words"), live.shown),
      folded(say.text("as_table"), listed.node),
    ]),
    h("p", { class: "lx-note" }, say.text("about", { ...m, people: count(m.people) })),
  );
  const ofState = kept();
  const found = () =>
    ofState(JSON.stringify(now()), () => m.matchers.map((_, k) => alerts(d, k, now())));
  const views = halves.map(({ id, holder }, k) =>
    fitted(holder, (width) => {
      const all = found();
      return drawPeople(say, all[k], unit(all), { id, width });
    }),
  );
  const [id, still] = [fresh("sizes"), kept()];
  views.push(fitted(sizes, (width) => drawSizes(say, d, now(), { id, width, still })));
  const stop = follow(model, ["size", "wanted", "step"], () => {
    const at = now();
    const all = found();
    dials.show(at);
    const several = unit(all);
    const figures =
      several > 1 ? say.text("several", { n: count(several) }) : say.text("one_person");
    per.textContent = at.size < m.sizes.length ? say.text("unit", { n: figures }) : "";
    listed.fill(d, at, all);
    live.say(sentence(say, d, at));
    for (const view of views) view.again();
  });
  return () => {
    for (const view of views) view.stop();
    stop();
  };
}

export default { render };
