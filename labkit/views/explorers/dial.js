// Dial explorer: move one threshold, see whom it falsely matches, whom it finds, and what two maps
// call it.  The counts come from Python as they are shown.

import { picture } from "./axes.js";
import { unpack } from "./data.js";
import {
  announcer,
  button,
  controls,
  field,
  fitted,
  folded,
  follow,
  frame,
  save,
  slider,
  table,
  title,
} from "./page.js";
import { h, s } from "./pieces.js";
import { clamp } from "./scales.js";
import { count, language } from "./words.js";

const [PITCH, MARK] = [14, 9];

// ---- what is said -------------------------------------------------------------------------------

export const at = (m, step) => m.steps[clamp(step, 0, m.steps.length - 1)];

const inBand = (say, key, m, k, n) =>
  say.text(key, { band: m.bands[k], n: count(n), members: count(m.members[k]) });

export function sentence(say, m, one) {
  const [straight, logistic] = one.percents;
  return say.text("sentence", {
    threshold: one.threshold,
    innocent: count(one.innocent),
    all: count(m.innocent),
    matched: one.matched.map((n, k) => inBand(say, "band", m, k, n)).join(", "),
    enrolled: count(m.enrolled),
    found: count(one.found),
    percents: say.text("percents", { straight, logistic }),
  });
}

export function tableRows(say, m, one) {
  const row = (what, n, of) => ({ full: { count: n, of }, cells: [what, count(n), count(of)] });
  return [
    row(say.text("innocent"), one.innocent, m.innocent),
    ...one.matched.map((n, k) => row(say.text("matched", { band: m.bands[k] }), n, m.members[k])),
    row(say.text("found"), one.found, m.enrolled),
  ];
}

// ---- the pictures -------------------------------------------------------------------------------

// A mark for each member; those who are falsely matched are filled squares, the others rings.
function drawBand(say, m, one, k, width) {
  const across = Math.max(Math.floor(width / PITCH), 1);
  const members = m.members[k];
  const deep = Math.ceil(members / across) * PITCH + 4;
  const svg = picture(width, deep, inBand(say, "picture", m, k, one.matched[k]));
  for (let n = 0; n < members; n += 1) {
    const [x, y] = [(n % across) * PITCH, Math.floor(n / across) * PITCH];
    const matched = n < one.matched[k];
    svg.append(
      matched
        ? s("rect", { x, y, width: MARK, height: MARK, fill: "var(--lab-b)", "data-lx": "matched" })
        : s("circle", {
            cx: x + MARK / 2,
            cy: y + MARK / 2,
            r: MARK / 2 - 1,
            fill: "none",
            stroke: "var(--lab-quiet)",
            "data-lx": "member",
          }),
    );
  }
  return svg;
}

function drawFound(say, m, one, width) {
  const about = { found: count(one.found), enrolled: count(m.enrolled) };
  const svg = picture(width, 20, say.text("found_bar", about));
  const wide = (width - 2) * (one.found / Math.max(m.enrolled, 1));
  svg.append(
    s("rect", {
      x: 1,
      y: 3,
      width: width - 2,
      height: 14,
      fill: "none",
      stroke: "var(--lab-quiet)",
    }),
    s("rect", { x: 1, y: 3, width: wide, height: 14, fill: "var(--lab-a)", "data-lx": "found" }),
  );
  return svg;
}

// ---- all of it ----------------------------------------------------------------------------------

function render({ model, el }) {
  const m = unpack(model.get("data")).meta;
  const say = language(m.words);
  const now = () => at(m, model.get("step"));
  const range = slider(model, "step", m.steps.length - 1);
  const jumps = Object.entries(m.points).map(([point, step]) =>
    button(say.text("go", { point }), () => save(model, { step })),
  );
  const live = announcer();
  const columns = ["what", "count", "of"].map((key) => say.text(`column_${key}`));
  const listed = table(say.text("caption"), columns);
  const heads = m.bands.map(() => h("p", { class: "lx-which" }));
  const holders = m.bands.map(() => h("div", {}));
  const found = h("p", { class: "lx-which" });
  const bar = h("div", {});
  const percents = h("p", { "data-lx": "percents" });
  frame(el, say.text("label")).append(
    title(say.text("name")),
    controls([field(say.text("dial"), range, true), ...jumps]),
    percents,
    h("figure", {}, [
      ...m.bands.flatMap((_, k) => [heads[k], holders[k]]),
      found,
      bar,
      h("figcaption", {}, say.text("how_to_read", { stamp: m.stamp })),
    ]),
    live.node,
    folded(say.text("as_table"), listed.node),
  );
  const views = holders.map((holder, k) =>
    fitted(holder, (width) => drawBand(say, m, now(), k, width)),
  );
  views.push(fitted(bar, (width) => drawFound(say, m, now(), width)));
  const stop = follow(model, ["step"], () => {
    const one = now();
    range.value = model.get("step");
    range.setAttribute("aria-valuetext", say.text("threshold", { threshold: one.threshold }));
    const [straight, logistic] = one.percents;
    percents.textContent = say.text("percents", { straight, logistic });
    m.bands.forEach((_, k) => {
      heads[k].textContent = inBand(say, "band", m, k, one.matched[k]);
    });
    const about = { found: count(one.found), enrolled: count(m.enrolled) };
    found.textContent = say.text("found_bar", about);
    listed.fill(tableRows(say, m, one));
    live.say(sentence(say, m, one));
    for (const view of views) view.again();
  });
  return () => {
    for (const view of views) view.stop();
    stop();
  };
}

export default { render };
