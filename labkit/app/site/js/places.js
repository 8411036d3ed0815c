// Pieces that places are put together from: elements, and the sentences of call-outs.

import { h } from "../../../views/explorers/pieces.js";
import { filled } from "../../../views/explorers/words.js";

let made = 0;

// A name for an element that no other has.
export const fresh = (name) => {
  made += 1;
  return `ask-${name}-${made}`;
};

// The day of a moment as a journal writes it, in words.
export function dayInWords(words, stamp) {
  const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(stamp ?? "");
  if (!found) return words.asked.no_day;
  const month = words.months[Number(found[2]) - 1];
  return filled(words.asked.date, { day: Number(found[3]), month, year: found[1] });
}

// ---- the text of a call-out, as labkit.views.callouts reads it --------------------------------------

const LONG_CODE = 36;
const PIECES = /`([^`\n]+)`|\[([^\]\n]+)\]\(([^)\s]+)\)/g;

const coded = (code) =>
  code.length > LONG_CODE ? h("pre", { tabindex: 0 }, code) : h("code", {}, code);

// Code and links of a line; after code in a line of its own no full stop or comma is left.
function inline(line) {
  const out = [];
  let at = 0;
  const plain = (text) => {
    const first = out.at(-1)?.tagName === "PRE" ? text.replace(/^[.,;:](?=\s|$)\s*/, "") : text;
    if (first) out.push(first);
  };
  for (const found of line.matchAll(PIECES)) {
    plain(line.slice(at, found.index));
    out.push(found[1] ? coded(found[1]) : h("a", { href: found[3] }, found[2]));
    at = found.index + found[0].length;
  }
  plain(line.slice(at));
  return out;
}

// A line without lines of code is a paragraph; code that stands in a line of its own parts it.
function paragraphs(line) {
  const out = [];
  let open = [];
  for (const piece of inline(line)) {
    if (piece.tagName === "PRE") {
      if (open.length) out.push(h("p", {}, open));
      out.push(piece);
      open = [];
    } else open.push(piece);
  }
  if (open.length) out.push(h("p", {}, open));
  return out;
}

// The nodes of a text: paragraphs, lists of lines that begin with "- ", code, links.
export function said(text) {
  const out = [];
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (!line) continue;
    if (!line.startsWith("- ")) {
      out.push(...paragraphs(line));
      continue;
    }
    const item = h("li", {}, inline(line.slice(2)));
    if (out.at(-1)?.tagName === "UL") out.at(-1).append(item);
    else out.push(h("ul", {}, item));
  }
  return out;
}

// ---- the frame of a place -----------------------------------------------------------------------

// What a place asks or shows, as Python wrote it into the page.
export function about(place) {
  return JSON.parse(place.querySelector(":scope > script[type='application/json']").textContent);
}

// Show something else in a place; the script that says what it is about stays.
export function fill(place, children) {
  const script = place.querySelector(":scope > script[type='application/json']");
  place.replaceChildren(...[script, ...children].filter(Boolean));
}

// A label as a call-out has it, for a sighted reader and as the name of the place.
export function headed(place, text) {
  const id = fresh("label");
  place.setAttribute("role", "group");
  place.setAttribute("aria-labelledby", id);
  return h("p", { class: "lab-label", id }, text);
}

// A table in a box of its own, which scrolls where the page is narrow; `fill` gives it other rows, the
// first cell of each its heading.
export function tableBox(label, heads, caption = null) {
  const head = h(
    "tr",
    {},
    heads.map((text) => h("th", { scope: "col" }, text)),
  );
  const body = h("tbody", {});
  const title = caption === null ? null : h("caption", {}, caption);
  const table = h("table", {}, [title, h("thead", {}, head), body]);
  const node = h("div", { class: "ask-table", tabindex: 0, role: "region" }, table);
  node.setAttribute("aria-label", label);
  const cell = (one, k) => h("td", { "data-label": heads[k + 1] }, one);
  const row = ([first, ...rest]) =>
    h("tr", {}, [h("th", { scope: "row" }, first), ...rest.map(cell)]);
  return { node, fill: (rows) => body.replaceChildren(...rows.map(row)) };
}

// Where something is said that a screen reader reads out when it changes.
export function speaker() {
  const node = h("div", { role: "status", "aria-live": "polite", class: "ask-said" });
  return {
    node,
    say: (...children) => node.replaceChildren(...children.flat()),
  };
}

export const button = (text, onclick, more) =>
  h("button", { type: "button", onclick, ...more }, text);

// A file that the browser saves.
export function saved(name, content, kind = "application/json") {
  const link = h("a", {
    download: name,
    href: URL.createObjectURL(new Blob([content], { type: kind })),
  });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
