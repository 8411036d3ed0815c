// Threshold explorer: what is counted comes from Python, this file shows it.

import { axisBelow, fitting, guess, level, picture, stripes, upright, words } from "./axes.js";
import { unpack } from "./data.js";
import { faces } from "./faces.js";
import { bounds } from "./intervals.js";
import {
  announcer,
  button,
  dragged,
  figure,
  fitted,
  folded,
  follow,
  frame,
  fresh,
  save,
  sliderOnAxis,
  table,
  tick,
  title,
} from "./page.js";
import { h, kept, s } from "./pieces.js";
import { clamp, enoughTicks, linear, logarithmic, tens } from "./scales.js";
import { count, language, significant } from "./words.js";

const HEIGHT = 240; // of the heaps, pixels
const THUMB = 20; // of the slider, as in shared.css
const GRIP = 12; // width of the place where the line can be taken
const FINGER = 28; // a finger takes it so far away
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

// Two large numbers and what stands under each: a rate, or the counts where they are too few.
export function numbers({ d, m, say, fmr, fnmr, tooFew }, k) {
  const { error_pairs: fewPairs, erring_people: fewPeople } = m.rules;
  const counts = (errors, all) => say.text("few_of_all", { errors: count(errors), n: count(all) });
  const none = (all) => say.text("none_of", { n: count(all) });
  const bound = (units) => say.inWords(Number(bounds(units).most));
  const pairs = say.plural(d.person_pairs[k], "pairs_of_people");
  const people = say.plural(d.missed_people[k], "people");

  function strangers() {
    const rate = say.inWords(fmr(k));
    if (!d.false[k]) {
      const up = { bound: bound(m.all_person_pairs) };
      return [none(m.impostor), say.text("strangers_none", up)];
    }
    if (d.person_pairs[k] < fewPairs) {
      return [counts(d.false[k], m.impostor), say.text("strangers_few", { pairs })];
    }
    if (tooFew(k)) return [rate, say.text("strangers_few_to_set", { pairs })];
    return [rate, say.text("strangers")];
  }
  function missed() {
    if (!d.missed[k]) {
      return [none(m.mated), say.text("missed_none", { bound: bound(m.mated_people) })];
    }
    if (d.missed_people[k] < fewPeople) {
      return [counts(d.missed[k], m.mated), say.text("missed_few", { people })];
    }
    return [say.inWords(fnmr(k)), say.text("missed")];
  }
  return [strangers(), missed()];
}

export function sentence({ d, m, say, name }, k) {
  const who = say.text("who", {
    pairs: count(d.person_pairs[k]),
    all_pairs: count(m.all_person_pairs),
    people: count(d.people[k]),
    all_people: count(m.people),
  });
  const said = say.text("sentence", {
    threshold: name(k),
    errors: count(d.false[k]),
    impostor: count(m.impostor),
    who: d.false[k] ? who : "",
    missed: count(d.missed[k]),
    mated: count(m.mated),
  });
  if (!d.within) return said;
  return `${said} ${say.text("within", { fmr: say.inWords(d.within[k]) })}`;
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

// The line that can be dragged: a wide place to take it, and a handle that shows so.
function drawCut(svg, { say, name }, { cut, left, right, middle, base }, k) {
  svg.append(upright(cut, 24, base, { stroke: "var(--lx-ink)", "stroke-width": 2.5 }));
  const handle = { x: cut - 6, y: middle - 14, width: 12, height: 28, rx: 4 };
  svg.append(
    s("rect", { ...handle, fill: "var(--lx-paper)", stroke: "var(--lx-ink)", "stroke-width": 2 }),
  );
  svg.append(s("rect", { class: "lx-grip", x: cut - GRIP / 2, y: 0, width: GRIP, height: base }));
  const label = say.text("threshold", { threshold: name(k) });
  const half = 0.55 * guess(label);
  const centre = clamp(cut, left + half, right - half);
  svg.append(words(centre, 16, label, { "text-anchor": "middle", "font-weight": 700 }));
  const put = (text, x, anchor) =>
    svg.append(words(x, 16, text, { class: "lx-quiet", "text-anchor": anchor }));
  const [before, after] = [centre - half - 8, centre + half + 8];
  if (right - after > guess(say.text("match"))) put(say.text("match"), after, "start");
  if (before - left > guess(say.text("no_match"))) put(say.text("no_match"), before, "end");
}

// The striped areas say what they are: each on its own side of the line, or where there is room, and
// never beyond the picture.
function drawErrors(svg, { d, say }, { cut, left, right, width, middle }, k) {
  const put = (key, n, side, y, fill) => {
    const text = say.plural(n, key);
    const wide = 1.2 * guess(text); // bold
    const room = { "-1": cut - left, 1: right - cut };
    const own = wide + 12 <= room[side] || room[side] >= room[-side];
    const to = own ? side : -side;
    const at = to < 0 ? Math.max(cut - 12, wide) : Math.min(cut + 12, width - wide);
    const look = { class: "lx-halo", "font-weight": 700, style: `fill: ${fill}` };
    const anchor = { "text-anchor": to < 0 ? "end" : "start" };
    svg.append(words(at, y, text, { ...look, ...anchor }));
  };
  put("missed_here", d.missed[k], -1, middle - 24, "var(--lab-a)");
  put("false_matches", d.false[k], 1, middle + 34, "var(--lab-b)");
}

// What each heap is, in the corner where it does not stand.
function drawNames(svg, { m, say }, { left, right, top, base, width }) {
  const put = (x, y, key, n, anchor) => {
    const what = say.text(key);
    const wordings = [say.text("comparisons", { what, n: count(n) }), what];
    const look = { class: "lx-halo", "text-anchor": anchor };
    svg.append(words(x, y, fitting(wordings, 0.45 * width), look));
  };
  put(right, top + 12, "same_person", m.mated, "end");
  put(left, base - 8, "two_people", m.impostor, "start");
}

function drawMarks(svg, { d, marks }, { x, left, right, top, base }) {
  const dots = { stroke: "var(--lab-quiet)", "stroke-width": 1.5, "stroke-dasharray": "2 4" };
  const bold = { class: "lx-halo", "text-anchor": "middle", "font-weight": 700 };
  for (const { k, letter } of marks) {
    const at = x(d.thresholds[k]);
    if (at < left || at > right) continue;
    svg.append(upright(at, top + 14, base, dots));
    svg.append(words(at, base - 4, letter, bold));
  }
}

// Where scores stand: the thumb of the slider below runs over the same places.
function axisOfScores({ d }, width) {
  const [left, right] = [THUMB / 2, width - THUMB / 2];
  const [low, high] = [d.edges[0], d.edges[d.genuine.length]];
  return { left, right, low, high, x: linear(low, high, left, right) };
}

// The stripes, and what lies before and after the line.
const stripesOf = (ids) =>
  s("defs", {}, [stripes(ids.a, "var(--lab-a)", 45), stripes(ids.b, "var(--lab-b)", -45)]);

function sides(ids, { cut, width, height }) {
  const part = (id, x, wide) => s("clipPath", { id }, s("rect", { x, y: 0, width: wide, height }));
  return s("defs", {}, [part(ids.low, 0, cut), part(ids.high, cut, Math.max(width - cut, 0))]);
}

function placesOfHeaps(c, width) {
  const [height, top] = [HEIGHT, 30];
  const base = height - 42;
  return { ...axisOfScores(c, width), width, height, top, base, middle: (top + base) / 2 };
}

// What is the same wherever the line stands: below it, and above it.
function stillHeaps(c, ids, width, log) {
  const { d, m, say } = c;
  const at = placesOfHeaps(c, width);
  const { left, right, low, high, x, top, base, middle } = at;
  const [below, above, names] = [s("g"), s("g"), s("g")];
  below.append(stripesOf(ids));
  const { ticks, places } = enoughTicks(low, high, width / 64);
  const titles = [m.score, say.text("score_short"), say.text("score")];
  const named = (v) => v.toFixed(places);
  axisBelow(below, { ...at, top: undefined, y: base, at: x, ticks, name: named, titles });
  const reach = (base - top) / 2 - 14;
  const up = heights(d.genuine, reach, log);
  const down = heights(d.impostors, reach, log);
  const mated = outline(d.genuine, x, d.edges, middle, up);
  const impostor = outline(d.impostors, x, d.edges, middle, (n) => -down(n));
  drawHeap(below, mated, "var(--lab-a)", { fill: ids.a, clip: ids.low });
  drawHeap(below, impostor, "var(--lab-b)", { fill: ids.b, clip: ids.high });
  below.append(level(middle, left, right, { class: "lx-axis" }));
  drawMarks(above, c, at);
  drawNames(names, c, at);
  return { below, above, names };
}

function drawHeaps(c, ids, width, k, still) {
  const { d, say, name } = c;
  const at = placesOfHeaps(c, width);
  at.cut = clamp(at.x(d.thresholds[k]), at.left, at.right);
  const range = { low: at.low.toFixed(2), high: at.high.toFixed(2), threshold: name(k) };
  const svg = picture(width, at.height, say.text("heaps", range));
  svg.append(sides(ids, at), still.below);
  drawCut(svg, c, at, k);
  svg.append(still.above);
  drawErrors(svg, c, at, k); // after every line, so that none runs through words
  svg.append(still.names);
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
  const said = [say.text("floor_fmr", { fmr: say.inWords(fmr(m.floor)) }), say.text("floor_pairs")];
  const wide = Math.max(...said.map(guess));
  const most = at.right + 14 - wide; // where there is room on neither side, up to the picture's end
  const fits = edge + 5 + wide <= at.right + 8 || edge - 5 < wide;
  const place = fits ? Math.min(edge + 5, most) : edge - 5;
  const line = lineOfFloor(c, at, fits ? place : place - wide, wide);
  const look = { class: "lx-halo", "text-anchor": fits ? "start" : "end" };
  said.forEach((text, n) => {
    svg.append(words(place, line + 15 * n, text, look));
  });
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
  const columns = ["at", "threshold", "strangers", "false", "pairs", ...within, "same", "missed"];
  const caption = say.text("errors_caption", {
    impostor: count(m.impostor),
    people: count(m.people),
    mated: count(m.mated),
  });
  const made = table(
    caption,
    columns.map((key) => say.text(`column_${key}`)),
  );
  // No rate beside counts that are too few for one.
  const rate = (units, enough, value) => {
    if (!units || units >= enough) return value ? inBoth(value) : say.text("none");
    return say.text("few");
  };
  const inBoth = (value) => `${say.inWords(value)} (${significant(value)})`;
  const row = (text, k, kind) => ({
    kind,
    full: { step: k, threshold: d.thresholds[k], fmr: fmr(k), fnmr: fnmr(k) },
    cells: [
      text,
      name(k),
      rate(d.person_pairs[k], m.rules.error_pairs, fmr(k)),
      count(d.false[k]),
      count(d.person_pairs[k]),
      ...within.map(() => say.inWords(d.within[k])),
      rate(d.missed_people[k], m.rules.erring_people, fnmr(k)),
      count(d.missed[k]),
    ],
  });
  const floor = m.floor < 0 ? [] : [row(say.text("the_floor"), m.floor)];
  const marked = marks.map((mark) => row(`${mark.letter}: ${mark.name}`, mark.k));
  const lab = m.lab === null ? [] : [row(say.text("the_lab"), m.lab)];
  const fixed = [...lab, ...marked, ...floor];
  const fill = (k) => made.fill([row(say.text("the_line"), k, "lx-now"), ...fixed]);
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

// Buttons that go to the lab's threshold and to the marked ones; nothing without any.
function jumps(model, { m, marks, say, name }) {
  const to = (text, k) => button(text, () => save(model, { step: k }));
  const lab = m.lab === null ? [] : [to(say.text("lab"), m.lab)];
  const marked = marks.map(({ letter, name: text, k }) =>
    to(say.text("jump", { letter, name: text, threshold: name(k) }), k),
  );
  if (!lab.length && !marked.length) return null;
  const group = { class: "lx-controls", role: "group", "aria-label": say.text("go_to_mark") };
  return h("div", group, [...lab, ...marked]);
}

// The two large numbers.
function largeNumbers() {
  const made = ["lx-b", "lx-a"].map((kind) => {
    const number = h("span", { class: `lx-number ${kind}` });
    const label = h("span", { class: "lx-label" });
    return { number, label, node: h("p", {}, [number, " ", label]) };
  });
  const node = h("div", { class: "lx-numbers", "data-lx": "numbers" }, [
    made[0].node,
    made[1].node,
  ]);
  const show = (found) =>
    found.forEach(([text, about], k) => {
      made[k].number.textContent = text;
      made[k].label.textContent = about;
    });
  return { node, show };
}

// The line and the slider under it, both over the scores.
function mover(model, c, heaps) {
  const { d, say } = c;
  const { low, high } = axisOfScores(c, 0);
  const { range, stand } = sliderOnAxis(model, "step", d.thresholds, [low, high]);
  const width = () => heaps.clientWidth;
  dragged(heaps, model, "step", d.thresholds, {
    valueAt: (x) => linear(THUMB / 2, width() - THUMB / 2, low, high)(x),
    isNear: (x) =>
      Math.abs(x - axisOfScores(c, width()).x(d.thresholds[model.get("step")])) < FINGER,
    focus: () => range.focus({ preventScroll: true }),
  });
  const follows = (k, [strangers, missed]) => {
    stand();
    const value = { threshold: c.name(k), fmr: strangers[0], fnmr: missed[0] };
    range.setAttribute("aria-valuetext", say.text("value", value));
  };
  range.id = fresh("line");
  const label = h("label", { class: "lx-hint", for: range.id }, say.text("slider"));
  return { range, label, follows };
}

// Both pictures where the line stands, at a width.
function drawing(model, c) {
  const ids = Object.fromEntries(["a", "b", "c", "low", "high"].map((id) => [id, fresh(id)]));
  const still = kept();
  return {
    heaps: (width) => {
      const log = model.get("log_heights");
      const parts = still(`${width} ${log}`, () => stillHeaps(c, ids, width, log));
      return drawHeaps(c, ids, width, model.get("step"), parts);
    },
    trade: (width) => drawTrade(c, ids, width, model.get("step")),
  };
}

function render({ model, el }) {
  const c = reader(unpack(model.get("data")));
  const { say } = c;
  const stretch = (on) => save(model, { log_heights: on });
  const tall = tick(say.text("stretch"), model.get("log_heights"), stretch);
  const live = announcer();
  const errors = errorsTable(c);
  const large = largeNumbers();
  const beside = faces(c);
  const heaps = h("div", { class: "lx-drag" });
  const trade = h("div");
  const move = mover(model, c, heaps);

  frame(el, say.text("label")).append(
    title(say.text("title")),
    h("div", { class: "lx-beside" }, [
      h("div", { class: "lx-main" }, [
        large.node,
        heaps,
        move.range,
        h("div", { class: "lx-row" }, [move.label, jumps(model, c)]),
        live.node,
        h("p", { class: "lx-note" }, [
          say.text("about_heaps"),
          c.m.faces ? ` ${say.text("invented")}` : "",
        ]),
      ]),
      beside.node,
    ]),
    c.m.without ? h("p", { class: "lx-note", "data-lx": "without" }, c.m.without) : "",
    h("div", { class: "lx-row" }, [
      folded(say.text("trade_as_picture"), figure(trade, say.text("about_trade"))),
      folded(say.text("as_tables"), h("div", {}, [errors.node, heapsTable(c)])),
      tall.field,
    ]),
  );

  const draw = drawing(model, c);
  const views = [fitted(heaps, draw.heaps), fitted(trade, draw.trade)];
  const stop = follow(model, ["step", "log_heights"], () => {
    const k = model.get("step");
    const found = numbers(c, k);
    large.show(found);
    move.follows(k, found);
    tall.box.checked = model.get("log_heights");
    live.say(sentence(c, k));
    errors.fill(k);
    beside.show(k);
    for (const view of views) view.again();
  });
  return () => {
    for (const view of views) view.stop();
    beside.stop();
    stop();
  };
}

export default { render };
