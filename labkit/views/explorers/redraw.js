// Redrawing explorer: another n people, again and again.

import { axisBelow, guess, level, picture, upright, whisker, words } from "./axes.js";
import { unpack } from "./data.js";
import { intervals, wilson } from "./intervals.js";
import {
  announcer,
  button,
  chooser,
  controls,
  figure,
  fitted,
  folded,
  follow,
  frame,
  save,
  table,
  title,
} from "./page.js";
import { h, s } from "./pieces.js";
import { clamp, logarithmic, steps } from "./scales.js";
import { count, language, significant } from "./words.js";

// ---- drawing people -----------------------------------------------------------------------------

// xorshift32 (Marsaglia 2003); labkit.views.explorers.drawn_people does the same in Python.
export function step32(state) {
  let x = state >>> 0;
  x = (x ^ (x << 13)) >>> 0;
  x = (x ^ (x >>> 17)) >>> 0;
  return (x ^ (x << 5)) >>> 0;
}

function startOf(n, index, seed) {
  const parts = [Math.imul(seed, 2654435761), Math.imul(n, 40503), Math.imul(index, 2246822519)];
  let state = (parts[0] + parts[1] + parts[2] + 1) >>> 0 || 1;
  for (let k = 0; k < 8; k += 1) state = step32(state);
  return state;
}

export function drawPeople(total, n, index, seed) {
  let state = startOf(n, index, seed);
  const places = Array.from({ length: total }, (_, k) => k);
  for (let k = 0; k < n; k += 1) {
    state = step32(state);
    const other = k + Math.floor((state / 2 ** 32) * (total - k));
    [places[k], places[other]] = [places[other], places[k]];
  }
  return places.slice(0, n);
}

// Comparisons of the people drawn, in all and for each of them.
function compared(images, people) {
  let sum = 0;
  let squares = 0;
  for (const p of people) {
    sum += images[p];
    squares += images[p] ** 2;
  }
  const byTrial = Float64Array.from(people, (p) => images[p] * (sum - images[p]));
  return { trials: (sum * sum - squares) / 2, byTrial };
}

// False matches and comparisons of the people drawn, in all and for each of them.
export function countDraw(d, people) {
  const n = people.length;
  const at = new Int32Array(d.images.length).fill(-1);
  people.forEach((p, k) => {
    at[p] = k;
  });
  const byError = new Float64Array(n);
  let errors = 0;
  let errorPairs = 0;
  for (let k = 0; k < d.first.length; k += 1) {
    const a = at[d.first[k]];
    const b = at[d.second[k]];
    if (a < 0 || b < 0) continue;
    errors += d.many[k];
    errorPairs += 1;
    byError[a] += d.many[k];
    byError[b] += d.many[k];
  }
  return {
    errors,
    errorPairs,
    personPairs: (n * (n - 1)) / 2,
    byError,
    ...compared(d.images, people),
  };
}

// The draws of a town, each counted once: seed, size and number say which people they hold.
export function town(d, rules, say) {
  const infer = intervals(rules, say);
  const whole = countDraw(
    d,
    Array.from(d.images, (_, k) => k),
  );
  const kept = new Map();

  function counted(seed, n, index) {
    const counts = countDraw(d, drawPeople(d.meta.people, n, index, seed));
    const pair = wilson(counts.errors, counts.trials, rules.z);
    return { ...counts, pair, person: infer.ofPairs(counts), rate: pair.value };
  }

  // The first draws of a size.
  function draws(seed, n, length) {
    const key = `${seed} ${n}`;
    const all = kept.get(key) ?? [];
    while (all.length < length) all.push(counted(seed, n, all.length));
    kept.set(key, all);
    return all.slice(0, length);
  }
  return { whole, rate: whole.errors / whole.trials, draws };
}

// In how many draws each kind of interval held the town's rate.
export function score(list, rate) {
  const held = (kind) => list.filter((x) => holds(x[kind], rate)).length;
  const shown = list.filter((x) => !x.person.words).length;
  const few = list.length - shown;
  return { n: list.length, pair: held("pair"), person: held("person"), shown, few };
}

// Never true for an interval that was not shown: its ends are NaN.
export const holds = (interval, rate) => interval.low <= rate && rate <= interval.high;

// Ends of the axis: everything drawn, eight times either side of the town's rate, and the floor
// where it is not far away.
export function ends(list, rate, floor) {
  const drawn = list.flatMap((x) => [x.rate, x.pair.low, x.pair.high, x.person.low, x.person.high]);
  const values = [rate, ...drawn].filter((v) => v > 0);
  if (floor && floor > Math.min(...values) / 4) values.push(floor);
  const low = Math.min(...values, rate / 8);
  const high = Math.max(...values, rate * 8);
  return [low / 1.15, Math.min(high * 1.15, 1)];
}

// ---- words --------------------------------------------------------------------------------------

function aboutTown({ say, m, whole, rate }) {
  return say.text("town", {
    people: count(m.people),
    threshold: significant(m.threshold, 4),
    fmr: say.inWords(rate),
    number: significant(rate),
    errors: count(whole.errors),
    trials: count(whole.trials),
    pairs: count(whole.errorPairs),
  });
}

// How often each kind of interval held; of person intervals, those that could be shown.
export function aboutHeld(say, n, { pair, person, shown, few, n: all }) {
  const draws = say.plural(all, "draws");
  const of = say.text("held", { draws, n, pair });
  if (!shown) return say.text("held_none", { of });
  if (!few) return say.text("held_all", { of, person });
  return say.text("held_some", { of, person, shown, draws: say.plural(few, "draws") });
}

function aboutLast({ say, rate }, n, list) {
  if (!list.length) return say.text("no_draw_of", { n });
  const x = list[list.length - 1];
  const interval = x.person.words
    ? say.text("no_person_interval", { why: x.person.words })
    : say.text("person_interval", { range: say.range(x.person.low, x.person.high) });
  const last = say.text("last_draw", {
    k: list.length,
    n,
    errors: count(x.errors),
    trials: count(x.trials),
    fmr: say.inWords(x.rate),
    number: significant(x.rate),
    range: say.range(x.pair.low, x.pair.high),
    interval,
  });
  return `${last} ${aboutHeld(say, n, score(list, rate))}`;
}

// What draws of this size have in common, and whether their person intervals are shown.
export function aboutSize({ say, m }, n) {
  const enough = m.rules.people_for_fmr;
  const said = [say.text("overlap", { n, all: m.people, shared: count((n * n) / m.people) })];
  if (n < enough) said.push(say.text("small", { n, enough }));
  else if (n / m.people >= m.alike) said.push(say.text("draws_alike"));
  return said.join(" ");
}

// ---- the picture --------------------------------------------------------------------------------

function drawTown(svg, { say, rate }, { x, width, top, base }) {
  const dashes = { stroke: "var(--lx-ink)", "stroke-width": 2, "stroke-dasharray": "7 4" };
  svg.append(upright(x(rate), top - 6, base, dashes));
  const label = say.text("whole_town", { fmr: say.inWords(rate) });
  const half = guess(label) / 2;
  const bold = { "text-anchor": "middle", "font-weight": 700 };
  svg.append(words(clamp(x(rate), half, width - half), 14, label, bold));
}

// A floor left of the axis is named at its left end, with an arrow.
function drawFloor(svg, { say }, { x, left, right, top, base, low }, n, floor) {
  const seen = floor >= low;
  const at = seen ? x(floor) : left;
  if (seen) {
    const dots = { stroke: "var(--lab-quiet)", "stroke-width": 1.5, "stroke-dasharray": "2 4" };
    svg.append(upright(at, top, base, dots));
  }
  const text = say.text(seen ? "floor" : "floor_left", { n, fmr: say.inWords(floor) });
  const reach = guess(text) / 2;
  const middle = Math.max(Math.min(at + reach + 5, right - reach), reach);
  svg.append(words(middle, base - 6, text, { class: "lx-quiet lx-halo", "text-anchor": "middle" }));
}

function drawDot(svg, { say }, { x, left, right, pitch }, v, y) {
  if (!v.rate) {
    const text = say.text("no_false_match"); // beyond the bar, which starts at the left
    const place = clamp(x(v.pair.high) + 6, left, right - guess(text));
    svg.append(words(place, y + 4, text, { class: "lx-quiet lx-halo" }));
    return;
  }
  const fill = v.person.words ? "var(--lx-paper)" : "var(--lx-ink)";
  const r = Math.min(2.6, pitch / 2.5);
  const round = { cx: x(v.rate), cy: y, r, fill, stroke: "var(--lx-ink)", "stroke-width": 1.2 };
  svg.append(s("circle", round));
}

function drawRow(c, at, v, y) {
  const { x, pitch } = at;
  const svg = s("g");
  if (!v.person.words) {
    const thin = { stroke: "var(--lab-a)", "stroke-width": 1.5 };
    svg.append(whisker(x(v.person.low), x(v.person.high), y, 4, thin));
    if (!holds(v.person, c.rate)) {
      svg.append(words(x(v.person.high) + 5, y + 4, "\u2717", { fill: "var(--lab-a)" }));
    }
  }
  const thick = { stroke: "var(--lab-b)", "stroke-width": Math.min(8, pitch - 1) };
  svg.append(level(y, x(v.pair.low), x(v.pair.high), thick));
  drawDot(svg, c, at, v, y);
  return svg;
}

// A row is drawn anew only where the axis is another, or the rows are of another height.
const rowsDrawn = new WeakMap(); // by draw

function keptRow(c, at, v, y) {
  let drawn = rowsDrawn.get(v);
  if (drawn?.axis !== at.axis) {
    drawn = { axis: at.axis, row: drawRow(c, at, v, y) };
    rowsDrawn.set(v, drawn);
  }
  return drawn.row;
}

// Pixels of a row, by how many rows there are: few steps, so that rows stay where they are.
const PITCHES = [
  [60, 15],
  [100, 9],
  [150, 6],
  [Infinity, 5],
];

function drawRows(svg, c, at, list) {
  list.forEach((v, k) => {
    const y = at.top + (k + 0.5) * at.pitch + 3;
    svg.append(keptRow(c, at, v, y));
    if (at.pitch < 12 && k % 10 !== 9 && k !== list.length - 1) return;
    svg.append(words(at.left - 8, y + 4, k + 1, { class: "lx-quiet", "text-anchor": "end" }));
  });
}

// The middle of the widest gap that some upright lines leave.
export function between(left, right, lines) {
  const ends = [left, ...lines, right].toSorted((a, b) => a - b);
  const gaps = ends.slice(1).map((end, k) => [end - ends[k], (end + ends[k]) / 2]);
  return gaps.reduce((widest, gap) => (gap[0] > widest[0] ? gap : widest))[1];
}

function drawDots(c, list, n, width) {
  const { say, m, rate } = c;
  const pitch = PITCHES.find(([most]) => list.length <= most)[1];
  const [left, right, top] = [34, width - 16, 26];
  // Room for whole tens, so that the axis does not move with every draw.
  const base = top + Math.max(10 * Math.ceil(list.length / 10), 6) * pitch + 22;
  const floor = m.floors[m.sizes.indexOf(n)];
  const [low, high] = ends(list, rate, floor);
  const x = logarithmic(low, high, left, right);
  const axis = [low, high, pitch, right].join(" ");
  const at = { x, pitch, left, right, top, base, width, low, axis };
  const svg = picture(
    width,
    base + 40,
    say.text("dots", { draws: say.plural(list.length, "draws"), n }),
  );
  axisBelow(svg, {
    ...at,
    y: base,
    at: x,
    ticks: steps(low, high),
    name: say.inWords,
    titles: [say.text("axis"), say.text("axis_short")],
  });
  drawTown(svg, c, at);
  if (floor) drawFloor(svg, c, at, n, floor);
  drawRows(svg, c, at, list);
  if (!list.length) {
    const text = say.text("no_draw");
    const lines = [x(rate), floor && floor >= low ? x(floor) : left];
    const middle = between(left, right, lines);
    svg.append(words(middle, top + 40, text, { class: "lx-quiet", "text-anchor": "middle" }));
  }
  return svg;
}

// ---- tables -------------------------------------------------------------------------------------

const HELD = ["people", "draws", "pair_held", "person_held", "few"];
const EACH = ["draw", "errors", "trials", "pairs", "fmr", "pair", "pair_holds", "person", "holds"];

function tables({ say, m, rate }) {
  const named = (columns) => columns.map((key) => say.text(`column_${key}`));
  const held = table(say.text("held_caption"), named(HELD));
  const each = table(say.text("each_caption"), named(EACH));

  function row(size, list, now) {
    const { n, pair, person, shown, few } = score(list, rate);
    const held = shown || !n ? count(person) : say.text("not_shown");
    return {
      kind: now ? "lx-now" : null,
      full: { draws: n, pair_held: pair, person_held: person, few },
      cells: [`${size}`, count(n), count(pair), held, count(few)],
    };
  }
  const yes = (interval) => {
    if (interval.words) return say.text("not_shown");
    return say.text(holds(interval, rate) ? "yes" : "no");
  };
  const cells = (v, k) => [
    `${k + 1}`,
    count(v.errors),
    count(v.trials),
    count(v.errorPairs),
    significant(v.rate),
    say.range(v.pair.low, v.pair.high),
    yes(v.pair),
    v.person.words || say.range(v.person.low, v.person.high),
    yes(v.person),
  ];
  const full = ({ rate: value, pair, person }) => ({
    value,
    pairlow: pair.low,
    pairhigh: pair.high,
    low: person.low,
    high: person.high,
  });

  const kept = new WeakMap(); // by draw: it stands in one row
  const ofDraw = (v, k) => {
    if (!kept.has(v)) kept.set(v, { full: full(v), cells: cells(v, k) });
    return kept.get(v);
  };

  function fill(drawsOf, n) {
    held.fill(m.sizes.map((size) => row(size, drawsOf(size), size === n)));
    each.fill(drawsOf(n).map(ofDraw));
  }
  return { held: held.node, each: each.node, fill };
}

// ---- all of it ----------------------------------------------------------------------------------

function buttons({ model, say, m }) {
  const add = (more) => {
    const k = m.sizes.indexOf(model.get("people"));
    const drawn = model.get("drawn").map((n, i) => (i === k ? Math.min(n + more, m.most) : n));
    save(model, { drawn });
  };
  return {
    size: chooser(
      say.text("size"),
      m.sizes.map((n) => [n, say.text("size_of", { n, all: m.people })]),
      model.get("people"),
      (n) => save(model, { people: Number(n) }),
    ),
    one: button("", () => add(1)),
    twenty: button(say.text("twenty_more"), () => add(20)),
    again: button(say.text("again"), () => save(model, { drawn: m.sizes.map(() => 0) })),
  };
}

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const m = d.meta;
  const say = language(m.words);
  const { whole, rate, draws } = town(d, m.rules, say);
  const c = { model, m, say, whole, rate };
  const press = buttons(c);
  const live = announcer();
  const note = h("p", { class: "lx-note" });
  const holder = h("div");
  const both = tables(c);
  const drawsOf = (n) => {
    const length = model.get("drawn")[m.sizes.indexOf(n)];
    return draws(model.get("seed"), n, length);
  };
  const scroll = {
    class: "lx-scroll",
    tabindex: 0,
    role: "region",
    "aria-label": say.text("each"),
  };

  frame(el, say.text("title")).append(
    title(say.text("title")),
    h("p", {}, aboutTown(c)),
    controls([press.size.field, press.one, press.twenty, press.again]),
    live.node,
    note,
    figure(holder, say.text("how_to_read")),
    both.held,
    folded(say.text("each_as_table"), h("div", scroll, both.each)),
  );

  const view = fitted(holder, (width) => {
    const n = model.get("people");
    return drawDots(c, drawsOf(n), n, width);
  });
  const stop = follow(model, ["people", "drawn", "seed"], () => {
    const n = model.get("people");
    const list = drawsOf(n);
    press.size.select.value = n;
    press.one.textContent = say.text("meet", { n });
    press.one.disabled = list.length >= m.most;
    press.twenty.disabled = list.length >= m.most;
    live.say(aboutLast(c, n, list));
    note.textContent = aboutSize(c, n);
    both.fill(drawsOf, n);
    view.again();
  });
  return () => {
    view.stop();
    stop();
  };
}

export default { render };
