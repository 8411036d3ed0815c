// City explorer: one resident's file on a map of an invented city, growing through two weeks.
// Python sends passages; which of them stand under the name, and what they seem to say, is computed
// here, as labkit.views.explorers._city does it.

import { picture, words } from "./axes.js";
import { unpack } from "./data.js";
import {
  announcer,
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
import { count, language } from "./words.js";

const DAY = 1440;
const DIALS = ["routine", "cameras", "matcher"];
const LEVELS = ["low", "middle", "high"];
const BIT = { low: 2, middle: 4, high: 1 };

// ---- what stands in the file --------------------------------------------------------------------

export const cornerName = (m, at) =>
  `${String.fromCharCode(65 + (at % m.width))}${Math.floor(at / m.width) + 1}`;

export const blocks = (m, a, b) =>
  Math.abs((a % m.width) - (b % m.width)) +
  Math.abs(Math.floor(a / m.width) - Math.floor(b / m.width));

export function clock(say, m, minute) {
  const day = Math.floor(minute / DAY);
  const rest = minute % DAY;
  const two = (n) => String(n).padStart(2, "0");
  return say.text("clock", {
    day: m.weekdays[day % 7],
    week: Math.floor(day / 7) + 1,
    time: `${two(Math.floor(rest / 60))}:${two(rest % 60)}`,
  });
}

// The sightings under the name up to the hour, and how often the person passed a camera.
export function fileOf(d, { person, hour, routine, cameras, matcher }) {
  const m = d.meta;
  const [minute, camera, who, kind] = ["minute", "camera", "who", "kind"].map(
    (name) => d[`${routine}_${name}`],
  );
  const sightings = [];
  let passed = 0;
  for (let k = 0; k < minute.length; k += 1) {
    if (who[k] !== person || minute[k] >= 60 * hour || camera[k] >= m.levels[cameras]) continue;
    const own = (kind[k] & 1) > 0;
    if (own) passed += 1;
    if (kind[k] & BIT[matcher]) {
      sightings.push({ minute: minute[k], at: m.cameras[camera[k]], own });
    }
  }
  return { sightings, passed };
}

export function byCamera(sightings) {
  const found = new Map();
  for (const { minute, at, own } of sightings) {
    const one = found.get(at) ?? { at, own: 0, other: 0, last: 0 };
    one[own ? "own" : "other"] += 1;
    one.last = Math.max(one.last, minute);
    found.set(at, one);
  }
  return [...found.values()].toSorted((a, b) => b.own + b.other - a.own - a.other || a.at - b.at);
}

// The corner that is most often first in the morning or last in the evening; null without one.
export function seemsHome(m, sightings) {
  const times = new Map();
  const add = ({ at }) => times.set(at, (times.get(at) ?? 0) + 1);
  const day = (k) => Math.floor(sightings[k].minute / DAY);
  sightings.forEach((one, k) => {
    const hour = one.minute % DAY;
    if ((k === 0 || day(k) !== day(k - 1)) && hour < m.rules_of.morning) add(one);
    const last = k === sightings.length - 1 || day(k) !== day(k + 1);
    if (last && hour >= m.rules_of.evening) add(one);
  });
  let best = null;
  for (const [at, n] of times) {
    const most = best === null ? 0 : times.get(best);
    if (n > most || (n === most && at > best)) best = at;
  }
  return best;
}

export function visited(m, sightings, place) {
  const { near, stay } = m.rules_of;
  const here = ({ minute, at }) =>
    blocks(m, at, place.at) <= near &&
    place.days.includes(Math.floor(minute / DAY)) &&
    minute % DAY >= place.first &&
    minute % DAY <= place.last;
  return sightings.some((one, k) => {
    if (!k || !here(one) || !here(sightings[k - 1])) return false;
    const apart = one.minute - sightings[k - 1].minute;
    return apart >= stay[0] && apart <= stay[1];
  });
}

const whenOf = (say, m, hour) => clock(say, m, hour < m.hours ? 60 * hour : 60 * m.hours - 1);

// ---- what is said of it -------------------------------------------------------------------------

function aboutHome(say, m, guess, home) {
  if (guess === null) return say.text("home_none");
  const right = blocks(m, guess, home) <= m.rules_of.home;
  const values = { corner: cornerName(m, guess), home: cornerName(m, home) };
  return say.text(right ? "home_right" : "home_wrong", values);
}

function aboutVisits(say, m, sightings, was) {
  const said = m.visits
    .map((place, k) => ({ place, was: was[k] }))
    .filter(({ place }) => visited(m, sightings, place))
    .map(({ place, was: so }) =>
      say.text(so ? "visit_right" : "visit_wrong", { place: place.name }),
    );
  return said.length ? say.text("visits", { list: said.join(", ") }) : say.text("visits_none");
}

export function sentence(say, d, state) {
  const m = d.meta;
  const person = m.people[state.person];
  const { sightings, passed } = fileOf(d, state);
  const own = sightings.filter((one) => one.own).length;
  return say.text("sentence", {
    who: person.name,
    when: whenOf(say, m, state.hour),
    file: say.text("file", {
      sightings: say.plural(sightings.length, "sightings"),
      true: own,
      false: sightings.length - own,
    }),
    passed: say.text("passed", { n: passed }),
    home: aboutHome(say, m, seemsHome(m, sightings), person.home),
    visits: aboutVisits(say, m, sightings, person.was[state.routine]),
  });
}

// ---- the map ------------------------------------------------------------------------------------

const TRUE = { fill: "var(--lab-a)", stroke: "var(--lx-paper)", "stroke-width": 1 };
const FALSE = { stroke: "var(--lab-b)", "stroke-width": 3, "stroke-linecap": "square" };

const GROUND = { stroke: "var(--lx-paper)", "stroke-width": 7, "stroke-linecap": "square" };
const GUESS = {
  fill: "none",
  stroke: "var(--lx-ink)",
  "stroke-width": 2,
  "stroke-dasharray": "4 3",
};

const house = (x, y, r, attributes) =>
  s("path", {
    d: `M${x - r},${y}L${x},${y - r}L${x + r},${y}V${y + r}H${x - r}Z`,
    fill: "none",
    ...attributes,
  });

function cross(x, y, r, attributes) {
  return s("path", {
    d: `M${x - r},${y - r}L${x + r},${y + r}M${x - r},${y + r}L${x + r},${y - r}`,
    fill: "none",
    ...attributes,
  });
}

const camera = (x, y, mark) =>
  s("rect", {
    x: x - 3,
    y: y - 3,
    width: 6,
    height: 6,
    fill: "var(--lx-paper)",
    stroke: "var(--lab-quiet)",
    "data-lx": mark,
  });

function streets(svg, m, { x, y, step }) {
  for (let k = 0; k < m.width; k += 1) {
    const line = { x1: x(k), x2: x(k), y1: y(0), y2: y(m.height - 1), class: "lx-grid" };
    svg.append(s("line", line));
    if (step < 15 && k % 4) continue;
    const look = { class: "lx-quiet", "text-anchor": "middle" };
    svg.append(words(x(k), y(0) - 12, String.fromCharCode(65 + k), look));
  }
  for (let k = 0; k < m.height; k += 1) {
    const line = { x1: x(0), x2: x(m.width - 1), y1: y(k), y2: y(k), class: "lx-grid" };
    svg.append(s("line", line));
    if (step < 15 && k % 3) continue;
    svg.append(words(x(0) - 10, y(k) + 4, k + 1, { class: "lx-quiet", "text-anchor": "end" }));
  }
}

// Marks of the key below the map, in rows that fit.
function key(svg, say, width, top) {
  const marks = [
    ["key_true", (x, y) => s("circle", { cx: x, cy: y, r: 5, ...TRUE })],
    ["key_false", (x, y) => cross(x, y, 5, FALSE)],
    ["key_camera", camera],
    ["key_home", (x, y) => house(x, y, 6, { stroke: "var(--lx-ink)", "stroke-width": 2 })],
    ["key_guess", (x, y) => s("circle", { cx: x, cy: y, r: 7, ...GUESS })],
  ];
  let [x, y] = [12, top];
  for (const [name, draw] of marks) {
    const text = say.text(name);
    const room = 22 + 7 * text.length + 16;
    if (x + room > width && x > 12) [x, y] = [12, y + 22];
    svg.append(draw(x, y), words(x + 12, y + 4, text, {}));
    x += room;
  }
  return y + 14;
}

function drawMap(say, d, state, width) {
  const m = d.meta;
  const { sightings } = fileOf(d, state);
  const rows = byCamera(sightings);
  const [left, right, top] = [28, width - 12, 30];
  const step = (right - left) / (m.width - 1);
  const x = (k) => left + k * step;
  const y = (k) => top + k * step;
  const at = (corner) => [x(corner % m.width), y(Math.floor(corner / m.width))];
  const own = sightings.filter((one) => one.own).length;
  const label = say.text("picture", {
    n: m.levels[state.cameras],
    true: own,
    false: sightings.length - own,
  });
  const map = s("g");
  streets(map, m, { x, y, step });
  for (const corner of m.cameras.slice(0, m.levels[state.cameras]))
    map.append(camera(...at(corner), "camera"));
  const most = Math.max(1, ...rows.map((one) => Math.max(one.own, one.other)));
  const size = (n) => 3 + 0.55 * Math.min(step, 24) * Math.sqrt(n / most);
  for (const { at: corner, own: mine, other } of rows) {
    const [cx, cy] = at(corner);
    if (mine) map.append(s("circle", { cx, cy, r: size(mine), "data-lx": "true", ...TRUE }));
    if (!other) continue;
    map.append(cross(cx, cy, size(other), GROUND));
    map.append(cross(cx, cy, size(other), { "data-lx": "false", ...FALSE }));
  }
  for (const { letter, at: corner } of m.places) {
    if (!letter) continue;
    const [px, py] = at(corner);
    const look = { class: "lx-halo", "text-anchor": "middle", "font-weight": 700 };
    const side = px > right - 1 ? -1 : 1;
    map.append(words(px + (side * step) / 2, py - 3, letter, look));
  }
  const ink = { stroke: "var(--lx-ink)", "stroke-width": 2 };
  const person = m.people[state.person];
  map.append(house(...at(person.home), 7, { "data-lx": "home", ...ink }));
  const guess = seemsHome(m, sightings);
  if (guess !== null) {
    const [gx, gy] = at(guess);
    const { own: mine, other } = rows.find((one) => one.at === guess);
    const r = size(Math.max(mine, other)) + 5;
    map.append(s("circle", { cx: gx, cy: gy, r, "data-lx": "guess", ...GUESS }));
  }
  const svg = picture(width, key(map, say, width, y(m.height - 1) + 26), label);
  svg.append(map);
  return svg;
}

// ---- all of it ----------------------------------------------------------------------------------

// One dial: three levels, moved between with the arrows.
function dial(say, m, model, name) {
  const group = fresh(name);
  const boxes = LEVELS.map((level) => {
    const box = h("input", {
      type: "radio",
      name: group,
      id: fresh("level"),
      value: level,
      onchange: () => save(model, { [name]: level }),
    });
    const set = m.set_to[name][level];
    // Matchers stand under their names alone: they are not ranked.
    const named = name === "matcher" || set === say.text(level);
    const text = named ? set : `${say.text(level)} (${set})`;
    return {
      level,
      box,
      node: h("div", { class: "lx-check" }, [box, h("label", { for: box.id }, text)]),
    };
  });
  const node = h("fieldset", { class: "lx-choice" }, [
    h("legend", {}, say.text(name)),
    ...boxes.map((one) => one.node),
  ]);
  const show = () => {
    for (const { level, box } of boxes) box.checked = level === model.get(name);
  };
  return { node, show };
}

const COLUMNS = ["camera", "true", "false", "last"];

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const m = d.meta;
  const say = language(m.words);
  const state = () =>
    Object.fromEntries(["person", "hour", ...DIALS].map((name) => [name, model.get(name)]));
  const who = chooser(
    say.text("person"),
    m.people.map(({ name }, k) => [k, name]),
    model.get("person"),
    (k) => save(model, { person: Number(k) }),
  );
  const time = slider(model, "hour", m.hours);
  const dials = DIALS.map((name) => dial(say, m, model, name));
  const live = announcer();
  const when = h("p", { "data-lx": "when" });
  const holder = h("div");
  const listed = table(
    "",
    COLUMNS.map((column) => say.text(`column_${column}`)),
  );
  frame(el, say.text("label")).append(
    title(say.text("title")),
    h("p", { class: "lx-note" }, say.text("illustration")),
    controls([who.field, ...dials.map((one) => one.node)]),
    field(say.text("time"), time, true),
    when,
    h("figure", {}, [holder, h("figcaption", {}, say.text("how_to_read"))]),
    live.node,
    folded(say.text("as_table"), listed.node),
  );
  const view = fitted(holder, (width) => drawMap(say, d, state(), width));
  const stop = follow(model, ["person", "hour", ...DIALS], () => {
    const now = state();
    who.select.value = now.person;
    time.value = now.hour;
    const told = whenOf(say, m, now.hour);
    time.setAttribute("aria-valuetext", told);
    when.textContent = told;
    for (const one of dials) one.show();
    const about = { who: m.people[now.person].name, when: told };
    listed.caption.textContent = say.text("caption", about);
    listed.fill(
      byCamera(fileOf(d, now).sightings).map(({ at, own, other, last }) => ({
        full: { own, other },
        cells: [cornerName(m, at), count(own), count(other), clock(say, m, last)],
      })),
    );
    live.say(sentence(say, d, now));
    view.again();
  });
  return () => {
    view.stop();
    stop();
  };
}

export default { render };
