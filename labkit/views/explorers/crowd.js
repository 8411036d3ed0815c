// Crowd explorer: choose from which size on faces count, see which of them a detector found and
// missed, as boxes in the picture, as a table and as a sentence.

import { unpack } from "./data.js";
import {
  announcer,
  controls,
  field,
  follow,
  frame,
  fresh,
  save,
  slider,
  table,
  title,
} from "./page.js";
import { h, place, s } from "./pieces.js";
import { language } from "./words.js";

// ---- what is counted, and what is said of it ----------------------------------------------------

export const least = (m, step) => m.sizes[Math.min(Math.max(step, 0), m.sizes.length - 1)];

export const large = (m, n) => m.faces.filter((face) => face.eyes >= n);

// Found and missed by detector k among faces of at least n pixels; false ones have any size.
export function counted(m, n, k) {
  const faces = large(m, n);
  const found = faces.filter((face) => face.found[k]).length;
  return { faces: faces.length, found, missed: faces.length - found, wrong: m.false[k] };
}

export function sentence(say, m, n) {
  const each = m.detectors.map((name, k) => {
    const { found, missed } = counted(m, n, k);
    return say.text("each", { name, found, missed });
  });
  const list = m.detectors.map((name, k) => say.text("false_by", { name, n: m.false[k] }));
  const first = say.text("at_least", { n, faces: large(m, n).length });
  return [first, ...each, say.text("false_of", { list: list.join(", ") })].join(" ");
}

// ---- the picture --------------------------------------------------------------------------------

// A photograph is the same in both themes, and so are the boxes on it; all have a white edge.
const LOOKS = {
  found: { colour: "black", width: 3, dash: null },
  missed: { colour: "var(--lab-photo-missed)", width: 3, dash: "7 5" },
  wrong: { colour: "var(--lab-photo-wrong)", width: 6, dash: "2 6" },
};

function box([left, top, right, bottom], kind, m) {
  const at = {
    x: left * m.width,
    y: top * m.height,
    width: (right - left) * m.width,
    height: (bottom - top) * m.height,
    fill: "none",
  };
  const { colour, width, dash } = LOOKS[kind];
  return s("g", { "data-lx": kind }, [
    s("rect", { ...at, stroke: "white", "stroke-width": width + 3 }),
    s("rect", { ...at, stroke: colour, "stroke-width": width, "stroke-dasharray": dash }),
  ]);
}

function crowdPicture(say, m, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "image/webp" }));
  const node = h("div");
  function show(n, k) {
    const { found, missed, wrong } = counted(m, n, k);
    const about = { all: m.faces.length, name: m.detectors[k], n, found, missed };
    const label = say.text("picture", { ...about, false: wrong });
    const size = `0 0 ${m.width} ${m.height}`;
    const svg = s("svg", { viewBox: size, role: "img", "aria-label": label }, [
      s("image", { href: address, width: m.width, height: m.height }),
      ...large(m, n).map((face) => box(face.box, face.found[k] ? "found" : "missed", m)),
      ...m.wrong[k].map((one) => box(one, "wrong", m)),
    ]);
    place(node, [svg]);
  }
  return { node, show, stop: () => URL.revokeObjectURL(address) };
}

// ---- the table ----------------------------------------------------------------------------------

const COLUMNS = ["detector", "found", "missed", "false"];

function countsTable(say, m) {
  const made = table(
    "",
    COLUMNS.map((key) => say.text(`column_${key}`)),
  );
  function fill(n) {
    made.caption.textContent = say.text("caption", {
      n,
      faces: large(m, n).length,
      all: m.faces.length,
    });
    made.fill(
      m.about_detectors.map((name, k) => {
        const { found, missed, wrong } = counted(m, n, k);
        return { full: { found, missed }, cells: [name, found, missed, wrong] };
      }),
    );
  }
  return { node: made.node, fill };
}

// ---- all of it ----------------------------------------------------------------------------------

function chooseDetector(say, m, model) {
  const group = fresh("detector");
  const boxes = m.detectors.map((name) => {
    const radio = h("input", {
      type: "radio",
      name: group,
      id: fresh("one"),
      value: name,
      onchange: () => save(model, { detector: name }),
    });
    const label = h("label", { for: radio.id }, name);
    return { name, radio, node: h("div", { class: "lx-check" }, [radio, label]) };
  });
  const node = h("fieldset", { class: "lx-choice" }, [
    h("legend", {}, say.text("choose")),
    ...boxes.map((one) => one.node),
  ]);
  const show = (chosen) => {
    for (const { name, radio } of boxes) radio.checked = name === chosen;
  };
  return { node, show };
}

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const m = d.meta;
  const say = language(m.words);
  const choice = chooseDetector(say, m, model);
  const range = slider(model, "step", m.sizes.length - 1);
  const shown = h("span", { class: "lx-hint", "data-lx": "size" });
  const live = announcer();
  const seen = crowdPicture(say, m, d.picture);
  const listed = countsTable(say, m);
  frame(el, say.text("label")).append(
    title(say.text("name")),
    controls([choice.node, field(say.text("size"), range, true), shown]),
    h("figure", {}, [seen.node, h("figcaption", {}, say.text("how_to_read"))]),
    h("p", { class: "lx-note" }, say.text("about")),
    live.node,
    listed.node,
  );
  const stop = follow(model, ["step", "detector"], () => {
    const n = least(m, model.get("step"));
    const k = Math.max(m.detectors.indexOf(model.get("detector")), 0);
    range.value = model.get("step");
    shown.textContent = say.text("pixels", { n });
    range.setAttribute("aria-valuetext", shown.textContent);
    choice.show(m.detectors[k]);
    seen.show(n, k);
    listed.fill(n);
    live.say(sentence(say, m, n));
  });
  return () => {
    seen.stop();
    stop();
  };
}

export default { render };
