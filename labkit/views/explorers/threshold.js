// Threshold explorer: what is counted comes from Python, this file shows it.

import { axisBelow, guess, level, picture, stripes, upright, words } from "./axes.js";
import { unpack } from "./data.js";
import {
  announcer,
  button,
  controls,
  field,
  figure,
  fitted,
  folded,
  follow,
  frame,
  fresh,
  h,
  s,
  save,
  slider,
  table,
  tick,
  title,
} from "./page.js";
import { clamp, linear, logarithmic, niceTicks, tens } from "./scales.js";
import { count, language, significant } from "./words.js";

const TOGETHER = 4; // bins of a heap in one row of its table

// ---- what stands at each step of the slider -----------------------------------------------------

export function reader(d) {
  const m = d.meta;
  const last = d.thresholds.length - 1;
  return {
    d,
    m,
    last,
    say: language(m.words),
    marks: m.marks.map(([name, k], i) => ({ name, k, letter: String.fromCharCode(65 + i) })),
    name: (k) => m.told[k],
    fmr: (k) => d.false[k] / m.impostor,
    fnmr: (k) => d.missed[k] / m.mated,
    tooFew: (k) => k > m.floor,
  };
}

export function sentence({ d, m, say, name, fmr, fnmr, tooFew }, k) {
  const who = say.text("who", {
    pairs: count(d.person_pairs[k]),
    all_pairs: count(m.all_person_pairs),
    people: count(d.people[k]),
    all_people: count(m.people),
  });
  const said = [
    say.text("sentence", {
      threshold: name(k),
      errors: count(d.false[k]),
      impostor: count(m.impostor),
      fmr: say.oneIn(fmr(k)),
      who: d.false[k] ? who : "",
      fnmr: say.inHundred(fnmr(k)),
      missed: count(d.missed[k]),
      mated: count(m.mated),
    }),
  ];
  if (d.within) said.push(say.text("within", { fmr: say.oneIn(d.within[k]) }));
  if (tooFew(k)) said.push(say.text("too_few"));
  return said.join(" ");
}

// ---- the two heaps ------------------------------------------------------------------------------

// The outline of a histogram that stands on a line, or hangs from it.
function outline(counts, x, edges, line, height) {
  const points = [`M${x(edges[0])},${line}`];
  for (let k = 0; k < counts.length; k += 1) {
    const y = (line - height(counts[k])).toFixed(1);
    points.push(`L${x(edges[k]).toFixed(1)},${y}L${x(edges[k + 1]).toFixed(1)},${y}`);
  }
  return `${points.join("")}L${x(edges[counts.length])},${line}Z`;
}

// Height of a heap in pixels; log: the logarithm of the counts.
export function heights(counts, reach, log) {
  const most = Math.max(...counts);
  return (n) => reach * (log ? Math.log1p(n) / Math.log1p(most) : n / most);
}

// A heap with its errors striped: what lies within the clipping path named.
function drawHeap(svg, path, colour, { fill, clip }) {
  svg.append(s("path", { d: path, fill: colour, "fill-opacity": 0.22, stroke: colour }));
  svg.append(
    s("path", {
      d: path,
      fill: `url(#${fill})`,
      stroke: colour,
      "stroke-width": 1.5,
      "clip-path": `url(#${clip})`,
    }),
  );
}

function drawCut(svg, { say, name }, { cut, left, right, base }, k) {
  svg.append(upright(cut, 24, base, { stroke: "var(--lx-ink)", "stroke-width": 2.5 }));
  const label = say.text("threshold", { threshold: name(k) });
  const half = guess(label) / 2;
  const bold = { "text-anchor": "middle", "font-weight": 700 };
  svg.append(words(clamp(cut, left + half, right - half), 16, label, bold));
  if (right - cut > 60) svg.append(words(cut + 6, 34, say.text("match")));
  if (cut - left > 70) {
    svg.append(words(cut - 6, 34, say.text("no_match"), { "text-anchor": "end" }));
  }
}

function drawMarks(svg, { d, marks }, { x, left, right, top, middle, base }) {
  const dots = { stroke: "var(--lab-quiet)", "stroke-width": 1.5, "stroke-dasharray": "2 4" };
  const bold = { class: "lx-halo", "text-anchor": "middle", "font-weight": 700 };
  for (const { k, letter } of marks) {
    const at = x(d.thresholds[k]);
    if (at < left || at > right) continue;
    svg.append(upright(at, top + 14, base, dots));
    svg.append(words(at, middle - 3, letter, bold));
  }
}

function definitions(ids, { cut, width, height }) {
  const part = (id, x, wide) => s("clipPath", { id }, s("rect", { x, y: 0, width: wide, height }));
  return s("defs", {}, [
    stripes(ids.a, "var(--lab-a)", 45),
    stripes(ids.b, "var(--lab-b)", -45),
    part(ids.low, 0, cut),
    part(ids.high, cut, Math.max(width - cut, 0)),
  ]);
}

function drawHeaps(c, ids, width, k, log) {
  const { d, m, say } = c;
  const [height, left, right, top] = [330, 10, width - 10, 46];
  const base = height - 44;
  const middle = (top + base) / 2;
  const reach = (base - top) / 2 - 18;
  const [low, high] = [d.edges[0], d.edges[d.genuine.length]];
  const x = linear(low, high, left, right);
  const cut = clamp(x(d.thresholds[k]), left, right);
  const at = { x, cut, width, height, left, right, top, middle, base };
  const range = { low: low.toFixed(2), high: high.toFixed(2) };
  const svg = picture(width, height, say.text("heaps", range));
  svg.append(definitions(ids, at));
  const { ticks, places } = niceTicks(low, high, width / 64);
  const titles = [m.score, say.text("score_short"), say.text("score")];
  axisBelow(svg, {
    ...at,
    top: undefined,
    y: base,
    at: x,
    ticks,
    name: (v) => v.toFixed(places),
    titles,
  });
  const up = heights(d.genuine, reach, log);
  const down = heights(d.impostors, reach, log);
  const mated = outline(d.genuine, x, d.edges, middle, up);
  const impostor = outline(d.impostors, x, d.edges, middle, (n) => -down(n));
  drawHeap(svg, mated, "var(--lab-a)", { fill: ids.a, clip: ids.low });
  drawHeap(svg, impostor, "var(--lab-b)", { fill: ids.b, clip: ids.high });
  svg.append(level(middle, left, right, { class: "lx-axis" }));
  drawMarks(svg, c, at);
  drawCut(svg, c, at, k);
  const halo = { class: "lx-halo" };
  svg.append(words(left, top + 6, say.text("mated_pairs", { n: count(m.mated) }), halo));
  const impostors = say.text("impostor_comparisons", { n: count(m.impostor) });
  svg.append(words(left, base - 8, impostors, halo));
  return svg;
}

// ---- FNMR against FMR ---------------------------------------------------------------------------

// Two lines of text at the top or at the bottom, wherever the curve is farther away.
export function lineOfFloor({ d, last, fmr, fnmr }, { x, y, top, base }, start, width) {
  let [highest, lowest] = [base, top];
  for (let k = 0; k <= last; k += 1) {
    if (!d.false[k] || x(fmr(k)) < start || x(fmr(k)) > start + width) continue;
    highest = Math.min(highest, y(fnmr(k)));
    lowest = Math.max(lowest, y(fnmr(k)));
  }
  return highest - (top + 30) >= base - 36 - lowest ? top + 12 : base - 22;
}

function drawFloor(svg, c, at, stripe) {
  const { m, say, fmr } = c;
  if (m.floor < 0) return;
  const { x, left, top, base } = at;
  const edge = x(fmr(m.floor));
  const area = { x: left, y: top, width: edge - left, height: base - top };
  svg.append(s("rect", { ...area, fill: `url(#${stripe})` }));
  const dashes = { stroke: "var(--lab-quiet)", "stroke-width": 1.5, "stroke-dasharray": "6 3" };
  svg.append(upright(edge, top, base, dashes));
  const text = say.text("floor_fmr", { fmr: say.oneIn(fmr(m.floor)) });
  const line = lineOfFloor(c, at, edge + 5, guess(text));
  svg.append(words(edge + 5, line, text, { class: "lx-halo" }));
  svg.append(words(edge + 5, line + 15, say.text("floor_pairs"), { class: "lx-halo" }));
}

function drawShares(svg, { say }, { y, left, right, top, base }) {
  for (const v of [0, 0.25, 0.5, 0.75, 1]) {
    svg.append(level(y(v), left, right, { class: v ? "lx-grid" : "lx-axis" }));
    svg.append(words(left - 6, y(v) + 4, `${100 * v}%`, { "text-anchor": "end" }));
  }
  const middle = (top + base) / 2;
  const turned = { "text-anchor": "middle", transform: `rotate(-90 12 ${middle})` };
  svg.append(words(12, middle, say.text("missed_axis"), { class: "lx-quiet", ...turned }));
}

function drawDiamonds(svg, { marks, fmr, fnmr }, { x, y }) {
  const look = { fill: "var(--lx-paper)", stroke: "var(--lx-ink)", "stroke-width": 1.5 };
  for (const { k, letter } of marks) {
    const [cx, cy] = [x(fmr(k)), y(fnmr(k))];
    const diamond = `M${cx - 5},${cy}L${cx},${cy - 5}L${cx + 5},${cy}L${cx},${cy + 5}Z`;
    svg.append(s("path", { d: diamond, ...look }));
    svg.append(words(cx, cy - 9, letter, { "text-anchor": "middle", "font-weight": 700 }));
  }
}

function curve({ d, last, fmr, fnmr }, { x, y }) {
  const points = [];
  for (let k = 0; k <= last; k += 1) {
    if (d.false[k]) points.push(`${x(fmr(k)).toFixed(1)},${y(fnmr(k)).toFixed(1)}`);
  }
  return points.length ? `M${points.join("L")}` : "";
}

function drawTrade(c, ids, width, k) {
  const { m, say, fmr, fnmr } = c;
  const [height, left, right, top] = [280, 52, width - 14, 14];
  const base = height - 44;
  const lowest = 10 ** Math.floor(Math.log10(1 / m.impostor));
  const x = logarithmic(lowest, 1, left, right);
  const y = linear(0, 1, base, top);
  const at = { x, y, left, right, top, base };
  const svg = picture(width, height, say.text("trade"));
  svg.append(s("defs", {}, [stripes(ids.c, "var(--lab-faint)", 45)]));
  drawFloor(svg, c, at, ids.c);
  drawShares(svg, c, at);
  const titles = [say.text("fmr_axis"), say.text("fmr_axis_short")];
  const ticks = tens(lowest, 1);
  axisBelow(svg, { left, right, y: base, at: x, ticks, name: say.tenName, titles });
  svg.append(
    s("path", { d: curve(c, at), fill: "none", stroke: "var(--lab-a)", "stroke-width": 2 }),
  );
  drawDiamonds(svg, c, at);
  const dot = { cx: x(fmr(k)), cy: y(fnmr(k)), r: 6.5 };
  svg.append(
    s("circle", { ...dot, fill: "var(--lx-ink)", stroke: "var(--lx-paper)", "stroke-width": 2 }),
  );
  return svg;
}

// ---- tables -------------------------------------------------------------------------------------

function errorsTable(c) {
  const { d, m, marks, say, name, fmr, fnmr } = c;
  const within = d.within ? ["within"] : [];
  const columns = ["at", "threshold", "fmr", "false", "pairs", ...within, "fnmr", "missed"];
  const caption = say.text("errors_caption", {
    impostor: count(m.impostor),
    people: count(m.people),
    mated: count(m.mated),
  });
  const made = table(
    caption,
    columns.map((key) => say.text(`column_${key}`)),
  );
  const row = (text, k, kind) => ({
    kind,
    full: { step: k, threshold: d.thresholds[k], fmr: fmr(k), fnmr: fnmr(k) },
    cells: [
      text,
      name(k),
      `${say.oneIn(fmr(k))} (${significant(fmr(k))})`,
      count(d.false[k]),
      count(d.person_pairs[k]),
      ...within.map(() => say.oneIn(d.within[k])),
      say.inHundred(fnmr(k)),
      count(d.missed[k]),
    ],
  });
  const floor = m.floor < 0 ? [] : [row(say.text("the_floor"), m.floor)];
  const marked = marks.map((mark) => row(`${mark.letter}: ${mark.name}`, mark.k));
  const fill = (k) => made.fill([row(say.text("the_slider"), k, "lx-now"), ...marked, ...floor]);
  return { node: made.node, fill };
}

function heapsTable({ d, say }) {
  const columns = ["range", "mated", "impostor"].map((key) => say.text(`column_${key}`));
  const made = table(say.text("heaps_caption"), columns);
  const rows = [];
  for (let k = 0; k < d.genuine.length; k += TOGETHER) {
    const sum = (counts) => counts.slice(k, k + TOGETHER).reduce((a, b) => a + b, 0);
    const range = `${d.edges[k].toFixed(3)} ... ${d.edges[k + TOGETHER].toFixed(3)}`;
    rows.push({ cells: [range, count(sum(d.genuine)), count(sum(d.impostors))] });
  }
  made.fill(rows);
  return made.node;
}

// ---- all of it ----------------------------------------------------------------------------------

// Buttons that go to the marked thresholds; nothing without marks.
function jumps(model, { marks, say, name, fmr }) {
  if (!marks.length) return null;
  const label = ({ letter, name: text, k }) =>
    say.text("jump", { letter, name: text, threshold: name(k), fmr: say.oneIn(fmr(k)) });
  const to = marks.map((mark) => button(label(mark), () => save(model, { step: mark.k })));
  const group = {
    class: "lx-controls lx-wide",
    role: "group",
    "aria-label": say.text("go_to_mark"),
  };
  return h("div", group, [h("span", {}, say.text("go_to")), ...to]);
}

function render({ model, el }) {
  const c = reader(unpack(model.get("data")));
  const { say, name, fmr } = c;
  const range = slider(model, "step", c.last);
  const stretch = (on) => save(model, { log_heights: on });
  const tall = tick(say.text("stretch"), model.get("log_heights"), stretch);
  const live = announcer();
  const errors = errorsTable(c);
  const heaps = h("div");
  const trade = h("div");
  const ids = Object.fromEntries(["a", "b", "c", "low", "high"].map((id) => [id, fresh(id)]));

  frame(el, say.text("label")).append(
    title(say.text("title")),
    controls([field(say.text("slider"), range, true), jumps(model, c), tall.field]),
    live.node,
    c.m.without ? h("p", { class: "lx-note" }, c.m.without) : "",
    figure(heaps, say.text("about_heaps")),
    figure(trade, say.text("about_trade")),
    folded(say.text("errors_as_table"), errors.node, true),
    folded(say.text("heaps_as_table"), heapsTable(c)),
  );

  const step = () => model.get("step");
  const views = [
    fitted(heaps, (width) =>
      heaps.replaceChildren(drawHeaps(c, ids, width, step(), model.get("log_heights"))),
    ),
    fitted(trade, (width) => trade.replaceChildren(drawTrade(c, ids, width, step()))),
  ];
  const stop = follow(model, ["step", "log_heights"], () => {
    const k = step();
    range.value = k;
    range.setAttribute(
      "aria-valuetext",
      say.text("value", { threshold: name(k), fmr: say.oneIn(fmr(k)) }),
    );
    tall.box.checked = model.get("log_heights");
    live.say(sentence(c, k));
    errors.fill(k);
    for (const view of views) view.again();
  });
  return () => {
    for (const view of views) view.stop();
    stop();
  };
}

export default { render };
