// Group explorer: errors by person are counted here, at the threshold where the slider stands.

import { axisBelow, fitting, guess, picture, upright, whisker, words } from "./axes.js";
import { unpack } from "./data.js";
import { intervals } from "./intervals.js";
import {
  announcer,
  button,
  chooser,
  controls,
  field,
  figure,
  fitted,
  folded,
  follow,
  frame,
  save,
  slider,
  table,
  title,
} from "./page.js";
import { h, kept, s } from "./pieces.js";
import { clamp, lastWhere, linear, logarithmic, nearest, niceTicks, tens } from "./scales.js";
import { count, language, significant } from "./words.js";

const NARROW = 520; // pixels: below this the names of groups stand above their rows
const HIGHEST_FMR = 0.3;
const LOWEST_FMR = 1e-3;
// The axis of a rate reaches at least so far: further where the rate moves with the slider.
const REACH = { moving: 0.25, still: 0.02 };

// ---- counting -----------------------------------------------------------------------------------

// What is chosen, and the arrays that belong to it.
export const chosen = (d, names) => atThreshold(atAnyStep(d, names), names.step);

// All of it that is the same at every step of the slider.
function atAnyStep(d, { matcher, grouping, rate }) {
  const m = d.meta;
  const k = Math.max(m.matchers.indexOf(matcher), 0);
  const g = Math.max(m.groupings.indexOf(grouping), 0);
  const group = d[`group ${g}`];
  const about = m.described[k];
  const part = (name, of = k) => d[`${of} ${name}`];
  return {
    matcher: m.matchers[k],
    grouping: m.groupings[g],
    g,
    rate: m.about_rates[m.rates.indexOf(rate)],
    names: m.names[g],
    missing: m.missing[g],
    group, // place of each person's group among the names; beyond them for who has none
    people: m.names[g].map((_, k) => group.filter((x) => x === k).length),
    compared: m.names[g].map((_, k) => comparisons(group, part("usable"), k)),
    allTold: about.told,
    list: about.list,
    exact: about.exact,
    part,
    thresholds: part("thresholds"),
    fmrs: Array.from(part("false"), (n) => n / about.impostor),
  };
}

function atThreshold(c, step) {
  const at = Math.min(step, c.thresholds.length - 1);
  return { ...c, whole: c, step: at, t: c.thresholds[at], told: c.allTold[at] };
}

// False matches with both people in a group: of each group, from how many pairs, of each person.
function falseMatches(c, step) {
  const [first, second, many, last] = ["first", "second", "many", "last"].map((x) =>
    c.part(x, c.list),
  );
  const errors = new Float64Array(c.names.length);
  const errorPairs = new Float64Array(c.names.length);
  const byError = new Float64Array(c.group.length);
  let next = 0;
  for (let k = 0; k < first.length; k += 1) {
    const start = next;
    next += many[k];
    const g = c.group[first[k]];
    if (g !== c.group[second[k]] || g >= c.names.length) continue;
    let wrong = 0;
    for (let at = start; at < next; at += 1) if (last[at] >= step) wrong += 1;
    if (!wrong) continue;
    errors[g] += wrong;
    errorPairs[g] += 1;
    byError[first[k]] += wrong;
    byError[second[k]] += wrong;
  }
  return { errors, errorPairs, byError };
}

// Impostor comparisons with both people in group g, and the people who take part in any.
function comparisons(group, usable, g) {
  const people = [];
  let sum = 0;
  let squares = 0;
  for (let p = 0; p < group.length; p += 1) {
    if (group[p] !== g || !usable[p]) continue;
    people.push(p);
    sum += usable[p];
    squares += usable[p] * usable[p];
  }
  const byTrial = people.map((p) => usable[p] * (sum - usable[p]));
  const personPairs = (people.length * (people.length - 1)) / 2;
  return { people, trials: (sum * sum - squares) / 2, personPairs, byTrial };
}

export function fmrs(c, infer, step) {
  const { errors, errorPairs, byError } = falseMatches(c, step);
  return c.names.map((_, g) => {
    const { people, trials, personPairs, byTrial } = c.compared[g];
    if (c.people[g] === 1) return infer.alone();
    return infer.ofPairs({
      errors: errors[g],
      trials,
      errorPairs: errorPairs[g],
      personPairs,
      byError: people.map((p) => byError[p]),
      byTrial,
    });
  });
}

// Errors or trials by person: one list for every step of the slider, or one for all.
function atStep(list, people, step) {
  return list.length === people ? list : list.subarray(step * people, (step + 1) * people);
}

export function ratesOfPeople(c, infer, step) {
  const people = c.group.length;
  const errors = atStep(c.part(`errors ${c.rate.name}`), people, step);
  const trials = atStep(c.part(`trials ${c.rate.name}`), people, step);
  return c.names.map((_, g) => {
    const mine = (list) => list.filter((_x, p) => c.group[p] === g);
    return infer.ofPeople(mine(errors), mine(trials), c.rate.errors);
  });
}

const rates = (c, infer) => (c.rate.pairs ? fmrs : ratesOfPeople)(c, infer, c.step);

// The lowest FMR that each group shows from enough pairs of people, by some step of the slider;
// null where no step has so many, or the group has too few people for any FMR.
export function lowestFmrs(c, infer, { person_pairs: enough, people_for_fmr: needed }) {
  const seen = new Map();
  const at = (step) => {
    if (!seen.has(step)) seen.set(step, fmrs(c, infer, step));
    return seen.get(step);
  };
  return c.names.map((_, g) => {
    if (!(at(0)[g].people >= needed)) return null;
    const last = lastWhere(c.thresholds.length, (step) => at(step)[g].errorPairs >= enough);
    return last < 0 ? null : at(last)[g].value;
  });
}

// The other matcher has other scores: keep the FMR, or the threshold that was asked for.
export function alike(before, after) {
  const asked = (c) => (c.exact.length ? nearest(c.thresholds, c.exact[0]) : -1);
  if (before.step === asked(before) && asked(after) >= 0) return asked(after);
  return nearest(after.fmrs.map(Math.log), Math.log(before.fmrs[before.step]));
}

// ---- words --------------------------------------------------------------------------------------

// Parts of one table that differ in their mated pairs only: nothing to say where there are none, or
// for a rate that counts mated pairs.
export function sameForAll(say, { matchers, described }, c) {
  const alike = matchers.filter((_, k) => described[k].list === c.list);
  if (!c.rate.pairs || alike.length < 2) return "";
  return say.text("mated_only", { names: alike.join("; ") });
}

function said(say, row, oneIn) {
  if (row.words) return row.words;
  const range = say.between(row.low, row.high, oneIn);
  return say.text("with_interval", { rate: say.rateIn(row.value, oneIn), range });
}

// Rates that stand beside each other are compared: all of them as "1 in n", or all of 100.
const allOneIn = (found) => found.every((row) => row.words || row.high < 0.01);

export function sentence(say, c, found, needed) {
  const oneIn = allOneIn(found);
  const each = c.names.map((group, g) => {
    const row = found[g];
    const values = { group, said: said(say, row, oneIn) };
    if (row.words) return say.text("group", values);
    return say.text("group_counted", {
      ...values,
      errors: count(row.errors),
      trials: count(row.trials),
    });
  });
  const all = say.text("sentence", {
    matcher: c.matcher,
    threshold: c.told,
    fmr: say.inWords(c.fmrs[c.step]),
    rate: c.rate.short,
    grouping: c.grouping,
    groups: each.join("; "),
  });
  return c.rate.pairs ? `${all} ${meanOf(say, c, found, needed)}` : all;
}

// The mean that a threshold is set by: of the groups with people enough, each with one weight; none
// where no group has enough for a rate of its own.
export function meanOf(say, c, found, needed) {
  if (found.every((row) => row.words)) return say.text("all_few", { rate: c.rate.short });
  const enough = found.map((row) => row.people >= needed);
  const values = found.filter((_, g) => enough[g]).map((row) => row.value);
  const groups = c.names.filter((_, g) => !enough[g]).join(", ");
  const mean = say.rateIn(values.reduce((sum, x) => sum + x, 0) / values.length, allOneIn(found));
  const about = { rate: c.rate.short, n: needed, mean, groups };
  if (!values.length) return say.text("no_mean", about);
  return say.text(groups ? "mean_without" : "mean", about);
}

// ---- the picture --------------------------------------------------------------------------------

// The axis of a rate on a log scale: it holds the lowest rate that a group can show.
function logAxis(say, c, found, floors, left, right) {
  const low = Math.min(LOWEST_FMR, ...floors.filter(Boolean).map((v) => v / 10));
  const high = Math.min(Math.max(HIGHEST_FMR, ...found.map((row) => 1.15 * row.value || 0)), 1);
  const rate = c.rate.short;
  return {
    low,
    high,
    x: logarithmic(low, high, left, right),
    ticks: tens(low, high),
    name: say.tenName,
    titles: [say.text("log_axis", { rate }), say.text("log_axis_short", { rate })],
  };
}

function linearAxis(say, c, found, left, right, width) {
  const tops = found.map((row) => (row.high > 0 ? row.high : row.value) * 1.15 || 0);
  const errors = c.part(`errors ${c.rate.name}`);
  const moving = !errors || errors.length > c.group.length;
  const top = Math.min(1, Math.max(moving ? REACH.moving : REACH.still, ...tops));
  const { ticks, places } = niceTicks(0, top, width / 110);
  const digits = Math.max(0, places - 2);
  return {
    low: 0,
    high: top,
    x: linear(0, top, left, right),
    ticks,
    name: (v) => say.text("in_100", { n: (100 * v).toFixed(digits) }),
    titles: [c.rate.title],
  };
}

// Below the row, where no words stand.
function drawFloor(svg, at, y) {
  const look = { stroke: "var(--lab-quiet)", "stroke-width": 2, "data-lx": "floor" };
  svg.append(upright(at, y + 9, y + 17, look));
}

// The FMR that was asked for, a faint line with its name at its head.
function drawAsked(svg, say, asked, { x, left, right, top, base }) {
  const look = { stroke: "var(--lab-rule)", "stroke-width": 1, "data-lx": "asked" };
  svg.append(upright(x(asked), top, base, look));
  const text = say.text("asked", { fmr: say.inWords(asked) });
  const half = guess(text) / 2;
  const middle = { class: "lx-quiet", "text-anchor": "middle" };
  svg.append(words(clamp(x(asked), left + half, right - half), top - 6, text, middle));
}

// A hollow dot, and the fullest wording of why that there is room for.
function drawTooLittle(svg, say, row, at, y, { left, right }) {
  const dashes = { stroke: "var(--lab-quiet)", "stroke-width": 1.5, "stroke-dasharray": "2 2" };
  svg.append(s("circle", { cx: at, cy: y, r: 5, fill: "var(--lx-paper)", ...dashes }));
  const wordings = [row.words, row.short, say.text("see_table")];
  const text = fitting(wordings, Math.max(right - at, at - left) - 14);
  const back = at + 12 + guess(text) > right;
  const anchor = { "text-anchor": back ? "end" : "start" };
  const look = { class: "lx-quiet lx-halo", "font-style": "italic", ...anchor };
  svg.append(words(back ? at - 10 : at + 10, y + 4, text, look));
}

function drawRate(svg, say, c, { x, left, right }, row, y) {
  if (!Number.isFinite(row.value)) {
    svg.append(words(left + 6, y + 4, row.words, { class: "lx-quiet" }));
    return;
  }
  const at = c.rate.log && !row.value ? left : x(row.value);
  if (row.words) {
    drawTooLittle(svg, say, row, at, y, { left, right });
    return;
  }
  const thin = { stroke: "var(--lab-a)", "stroke-width": 2 };
  svg.append(whisker(x(row.low), x(row.high), y, 5, thin, [left, right]));
  svg.append(s("circle", { cx: at, cy: y, r: 5.5, fill: "var(--lx-ink)" }));
  const text = say.inWords(row.value);
  const half = guess(text) / 2;
  const look = { class: "lx-halo", "text-anchor": "middle" };
  svg.append(words(clamp(at, left + half, right - half), y - 10, text, look));
}

function drawGroups(say, c, { found, floors, asked, ofAxis }, width) {
  const narrow = width < NARROW;
  const longest = Math.max(...c.names.map((name) => name.length));
  const label = narrow ? 0 : Math.min(190, 20 + 7 * longest);
  const pitch = narrow ? 62 : 40;
  const [left, right, top] = [label + 12, width - 16, 24];
  const base = top + c.names.length * pitch;
  const axis = c.rate.log
    ? logAxis(say, c, found, floors, left, right)
    : linearAxis(say, c, found, left, right, width);
  const { x } = axis;
  const about = { rate: c.rate.short, n: c.names.length };
  const svg = picture(width, base + 42, say.text("picture", about));
  const drawAxis = () => {
    const still = s("g");
    axisBelow(still, { left, right, y: base, top, at: x, ...axis });
    return still;
  };
  svg.append(ofAxis([c.rate.name, axis.low, axis.high, width, base, label].join(" "), drawAxis));
  if (c.rate.pairs) drawAsked(svg, say, asked, { x, left, right, top, base });
  c.names.forEach((name, g) => {
    const y = top + (g + (narrow ? 0.7 : 0.55)) * pitch;
    const look = { class: found[g].words ? "lx-quiet" : null, "font-weight": 600 };
    if (narrow) svg.append(words(left, y - 26, name, look));
    else svg.append(words(label, y + 4, name, { ...look, "text-anchor": "end" }));
    if (floors[g]) drawFloor(svg, x(floors[g]), y);
    drawRate(svg, say, c, { x, left, right }, found[g], y);
  });
  return svg;
}

// ---- the table ----------------------------------------------------------------------------------

const COLUMNS = ["group", "people", "errors", "trials", "rate", "interval", "from", "lowest"];

function ratesTable(say, rules) {
  const made = table(
    "",
    COLUMNS.map((key) => say.text(`column_${key}`)),
  );
  const from = (c, row) =>
    c.rate.pairs
      ? say.plural(row.errorPairs, "pairs_of_people")
      : say.plural(row.erring ?? 0, "people");
  const lowest = (c, found, floor) => {
    if (!c.rate.pairs) return say.text("for_fmr");
    if (!(found.people >= rules.people_for_fmr)) {
      return say.text("takes", { people: say.plural(rules.people_for_fmr, "people") });
    }
    return floor ? say.inWords(floor) : say.text("not_on_slider");
  };
  function row(c, name, g, found, floor) {
    return {
      kind: found.words ? "lx-thin" : null,
      full: { value: found.value, low: found.low, high: found.high },
      cells: [
        name,
        count(c.people[g]),
        count(found.errors),
        count(found.trials),
        found.words ? say.text("not_shown") : significant(found.value),
        found.words || say.range(found.low, found.high),
        from(c, found),
        lowest(c, found, floor),
      ],
    };
  }
  function fill(c, found, floors) {
    made.caption.textContent = say.text("caption", {
      matcher: c.matcher,
      rate: c.rate.short,
      grouping: c.grouping,
      threshold: c.told,
    });
    made.fill(c.names.map((name, g) => row(c, name, g, found[g], floors[g])));
  }
  return { node: made.node, fill };
}

// ---- all of it ----------------------------------------------------------------------------------

function choosers(model, m, say, now) {
  const same = (names) => names.map((name) => [name, name]);
  const titles = m.about_rates.map(({ short, title: text }) => [short, text]);
  const choose = (key, options, changed, named = say.text(`choose_${key}`)) =>
    chooser(named, options, model.get(key), changed);
  const matcherChosen = (matcher) => {
    const before = now();
    model.set("matcher", matcher);
    save(model, { step: alike(before, now()) });
  };
  return {
    matcher: choose("matcher", same(m.matchers), matcherChosen, m.named),
    grouping: choose("grouping", same(m.groupings), (grouping) => save(model, { grouping })),
    rate: choose("rate", titles, (rate) => save(model, { rate })),
  };
}

// A way back to the threshold that was asked for, where one was.
function labButton(model, m, say, now) {
  const place = (c) => nearest(c.thresholds, c.exact[0]);
  const node = button("", () => save(model, { step: place(now()) }));
  function show(c) {
    node.hidden = !c.exact.length;
    if (node.hidden) return;
    const { told } = m.described[m.matchers.indexOf(c.matcher)];
    node.textContent = say.text("lab", { threshold: told[place(c)] });
  }
  return { node, show };
}

const CHOSEN = ["matcher", "grouping", "rate", "step"];

// What is chosen, and its rates: counted once, so that words, table and picture show the same.
function counting(model, d, infer) {
  const m = d.meta;
  const [ofNames, ofState] = [kept(), kept()];
  const now = () => {
    const names = Object.fromEntries(CHOSEN.map((name) => [name, model.get(name)]));
    const key = [names.matcher, names.grouping, names.rate].join("\n");
    const whole = ofNames(key, () => atAnyStep(d, names));
    return atThreshold(whole, names.step);
  };
  const lowest = new Map();
  const floorsOf = (c) => {
    if (!c.rate.pairs) return c.names.map(() => null);
    const key = `${c.list} ${c.g}`;
    if (!lowest.has(key)) lowest.set(key, lowestFmrs(c, infer, m.rules));
    return lowest.get(key);
  };
  const counted = () => {
    const c = now();
    return { c, found: rates(c, infer), floors: floorsOf(c), asked: m.asked };
  };
  const shown = () => ofState(CHOSEN.map((name) => model.get(name)).join("\n"), counted);
  return { now, shown };
}

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const m = d.meta;
  const say = language(m.words);
  const infer = intervals(m.rules, say);
  const { now, shown } = counting(model, d, infer);
  const choose = choosers(model, m, say, now);
  const range = slider(model, "step");
  const live = announcer();
  const lab = labButton(model, m, say, now);
  const holder = h("div");
  const without = h("p", { class: "lx-note" });
  const listed = ratesTable(say, m.rules);
  frame(el, say.text("label")).append(
    title(say.text("name")),
    controls([
      choose.matcher.field,
      choose.grouping.field,
      choose.rate.field,
      field(say.text("slider"), range, true),
      lab.node,
    ]),
    figure(holder, say.text("how_to_read")),
    without,
    h("div", { class: "lx-relative" }, live.spoken),
    h("div", { class: "lx-row" }, [
      folded(say.text("in_words"), live.shown),
      folded(say.text("as_table"), listed.node),
    ]),
  );

  // What is the same wherever the slider stands.
  const showChosen = (c) => {
    for (const key of ["matcher", "grouping"]) choose[key].select.value = c[key];
    choose.rate.select.value = c.rate.short;
    range.max = c.thresholds.length - 1;
    without.textContent = c.missing;
    without.prepend(sameForAll(say, m, c), " ");
    lab.show(c);
  };
  const [ofChosen, ofAxis] = [kept(), kept()];
  const view = fitted(holder, (width) => {
    const what = shown();
    return drawGroups(say, what.c, { ...what, ofAxis }, width);
  });
  const stop = follow(model, CHOSEN, () => {
    const { c, found, floors } = shown();
    ofChosen(c.whole, () => showChosen(c));
    range.value = c.step;
    const value = { threshold: c.told, fmr: say.inWords(c.fmrs[c.step]) };
    range.setAttribute("aria-valuetext", say.text("value", value));
    live.say(sentence(say, c, found, m.rules.people_for_mean));
    listed.fill(c, found, floors);
    view.again();
  });
  return () => {
    view.stop();
    stop();
  };
}

export default { render };
