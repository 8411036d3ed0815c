// Pieces that explorers are put together from: elements, controls, tables, a sentence read aloud.

import { h, piece, place } from "./pieces.js";
import { clamp, nearest } from "./scales.js";

export const fresh = (name) => `lx-${name}-${Math.random().toString(36).slice(2, 12)}`;

// The frame of an explorer; one that listens to keys can have the focus itself.
export function frame(el, name, listens) {
  const more = listens ? { tabindex: 0 } : {};
  const root = h("section", { class: "lx", "aria-label": name, ...more });
  root.addEventListener("keydown", (event) => share(root, event), true);
  el.append(root);
  return root;
}

// JupyterLab takes keys away from what has the focus (arrows move between cells, D D deletes one).
// It leaves them alone where this attribute stands on the focused element itself, not around it.
const OWN_KEYS = "data-lm-suppress-shortcuts";

// Plain keys stay here; those with Ctrl or Cmd, such as Ctrl+S, go to JupyterLab or the browser.
// Enter with any of these runs the next cell: pressed here it is never meant for a button.
function share(root, event) {
  const more = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && (more || event.shiftKey || event.altKey)) {
    event.preventDefault();
    event.stopPropagation();
    if (!event.altKey && !event.repeat) runNext(root, event);
    return;
  }
  for (const node of [event.target, root]) {
    if (more) node.removeAttribute(OWN_KEYS);
    else node.setAttribute(OWN_KEYS, "true");
  }
}

// The same key once more, on the next cell with code: the explorer's own cell is not run again,
// which would begin it anew.
function runNext(root, { key, code, keyCode, shiftKey, ctrlKey, metaKey }) {
  const own = root.closest(".jp-Cell");
  let next = own?.nextElementSibling;
  while (next && !(next.matches(".jp-CodeCell") && next.getClientRects().length)) {
    next = next.nextElementSibling;
  }
  if (!next) return;
  next.focus();
  const about = { key, code, keyCode, shiftKey, ctrlKey, metaKey };
  next.dispatchEvent(new KeyboardEvent("keydown", { ...about, bubbles: true, cancelable: true }));
}

export const title = (text) => h("p", { class: "lx-title lx-name" }, text);

export const figure = (holder, caption) => h("figure", {}, [holder, h("figcaption", {}, caption)]);

export const folded = (text, content, open) =>
  h("details", { open: open || null }, [h("summary", {}, text), content]);

// ---- controls -----------------------------------------------------------------------------------

export const controls = (children) => h("div", { class: "lx-controls" }, children);

export const button = (text, pressed) => h("button", { type: "button", onclick: pressed }, text);

export function field(text, control, wide) {
  control.id ||= fresh("control");
  return h("div", { class: wide ? "lx-field lx-wide" : "lx-field" }, [
    h("label", { for: control.id }, text),
    control,
  ]);
}

export function chooser(text, options, value, chosen) {
  const select = h(
    "select",
    { onchange: () => chosen(select.value) },
    options.map(([key, label]) => h("option", { value: key }, label)),
  );
  select.value = value;
  return { select, field: field(text, select) };
}

export function tick(text, value, changed) {
  const box = h("input", {
    type: "checkbox",
    id: fresh("tick"),
    onchange: () => changed(box.checked),
  });
  box.checked = value;
  const label = h("label", { for: box.id }, text);
  return { box, field: h("div", { class: "lx-check" }, [box, label]) };
}

const JUMP = 10; // steps of Page Up and Page Down

// Keys of a slider: the same steps in every browser.
const stepKeys = (model, name, lastStep) => (event) => {
  const last = lastStep();
  const moves = {
    ArrowRight: 1,
    ArrowUp: 1,
    ArrowLeft: -1,
    ArrowDown: -1,
    PageUp: JUMP,
    PageDown: -JUMP,
    Home: -last,
    End: last,
  };
  const by = moves[event.key];
  if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  save(model, { [name]: clamp(model.get(name) + by, 0, last) });
};

// A slider over the steps of one of the model's numbers: moves at once, is saved when let go.
export function slider(model, name, max) {
  const range = h("input", {
    onkeydown: stepKeys(model, name, () => Number(range.max)),
    type: "range",
    min: 0,
    max,
    step: 1,
    oninput: () => model.set(name, Number(range.value)),
    onchange: () => model.save_changes(),
  });
  return range;
}

// A slider whose thumb stands under a place of the picture above it: its values are those of the
// axis, from low to high, and it stops at the steps only.
export function sliderOnAxis(model, name, steps, [low, high]) {
  const range = h("input", {
    type: "range",
    class: "lx-on-axis",
    min: low,
    max: high,
    step: "any",
    onkeydown: stepKeys(model, name, () => steps.length - 1),
    oninput: () => {
      model.set(name, nearest(steps, Number(range.value)));
      stand();
    },
    onchange: () => model.save_changes(),
  });
  function stand() {
    range.value = clamp(steps[model.get(name)], low, high);
  }
  return { range, stand };
}

// The same by dragging on the picture in the holder.  valueAt: the value at a place from its left.
// Kept until the pointer is let go, so that nothing is sent on the way.
export function dragged(holder, model, name, steps, { valueAt, isNear, focus }) {
  let held = false;
  const move = (event) => {
    const x = event.clientX - holder.getBoundingClientRect().left;
    model.set(name, nearest(steps, valueAt(x)));
  };
  const give = (type, hear) => holder.addEventListener(type, hear);
  give("pointerdown", (event) => {
    const x = event.clientX - holder.getBoundingClientRect().left;
    if (event.button || (event.pointerType === "touch" && !isNear(x))) return;
    event.preventDefault();
    held = true;
    holder.classList.add("lx-held");
    holder.setPointerCapture(event.pointerId);
    focus();
    move(event);
  });
  give("pointermove", (event) => {
    if (held) move(event);
  });
  const end = () => {
    if (held) model.save_changes();
    held = false;
    holder.classList.remove("lx-held");
  };
  give("pointerup", end);
  give("pointercancel", end);
}

// ---- a model and what shows it ------------------------------------------------------------------

export function save(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}

// Calls update now and whenever one of the named values changes; gives what ends that.
export function follow(model, names, update) {
  const events = names.map((name) => `change:${name}`);
  for (const event of events) model.on(event, update);
  update();
  return () => {
    for (const event of events) model.off(event, update);
  };
}

// Keeps the picture draw(width) in the holder: drawn when the holder is first seen, when its width
// changes, and again when asked to.  In a closed fold it waits until somebody opens it.
export function fitted(holder, draw) {
  let drawn = 0; // the width of the picture that stands there; 0 for none, or one out of date
  const show = (width) => {
    drawn = width;
    place(holder, [draw(width)]);
  };
  const measure = () => {
    const width = Math.floor(holder.clientWidth);
    if (width > 0 && width !== drawn) show(width);
  };
  // Nothing is measured in a closed fold, so that an input does not lay out what nobody sees.
  const observer = new ResizeObserver(([entry]) => {
    if (entry.contentRect.width > 0) measure();
  });
  observer.observe(holder);
  const opened = (event) => {
    if (event.target.open && event.target.contains(holder)) measure();
  };
  document.addEventListener("toggle", opened, true);
  const isFolded = () => holder.closest("details:not([open])") !== null;
  const again = () => {
    if (isFolded()) drawn = 0;
    else if (drawn) show(drawn);
    else measure();
  };
  return {
    again,
    stop: () => {
      observer.disconnect();
      document.removeEventListener("toggle", opened, true);
    },
  };
}

// ---- words and tables ---------------------------------------------------------------------------

// A sentence that screen readers read out when it changes; a moment late, so that a key held down
// is not read out at every step.
export function announcer() {
  const shown = h("p", { class: "lx-live", "data-lx": "live" });
  const spoken = h("p", { class: "lx-hidden", "aria-live": "polite", "data-lx": "spoken" });
  let timer = null;
  const say = (text) => {
    shown.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => {
      spoken.textContent = text;
    }, 350);
  };
  return { node: h("div", { class: "lx-relative" }, [shown, spoken]), shown, spoken, say };
}

// How a cell is set: sentences to the left, short words in one line.
function looks(cell) {
  if (typeof cell !== "string") return null;
  if (cell.length > 24) return "lx-left";
  return cell.length <= 16 ? "lx-short" : null;
}

// Numbers with all their digits, as attributes for whoever reads the page by program.
function exact(full) {
  return Object.fromEntries(
    Object.entries(full ?? {}).map(([name, x]) => [`data-${name}`, Number.isFinite(x) ? x : ""]),
  );
}

// The roles stand in the markup because a table shown as blocks loses them in some browsers.
function row({ cells, kind, full }, columns) {
  const made = cells.map((cell, k) =>
    k === 0
      ? piece("th", { scope: "row", role: "rowheader" }, cell)
      : piece("td", { role: "cell", "data-name": columns[k], class: looks(cell) }, cell),
  );
  return piece("tr", { role: "row", class: kind, ...exact(full) }, made);
}

export function table(captionText, columns) {
  const caption = h("caption", {}, captionText);
  const heads = columns.map((name) => h("th", { scope: "col", role: "columnheader" }, name));
  const body = h("tbody", { role: "rowgroup" });
  const node = h("table", { role: "table", class: columns.length > 5 ? "lx-many" : null }, [
    caption,
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
    body,
  ]);
  const made = new WeakMap(); // a row given again is the same row
  const pieceOf = (one) => {
    if (!made.has(one)) made.set(one, row(one, columns));
    return made.get(one);
  };
  const fill = (rows) => place(body, rows.map(pieceOf));
  return { node, fill, caption };
}
