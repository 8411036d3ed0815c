// The page of the journal: what is kept in this browser, saved as a file, taken in from one, deleted
// after a question.  Everything happens on this device.

import { h } from "../../../views/explorers/pieces.js";
import { filled } from "../../../views/explorers/words.js";
import { spoken } from "./guesses.js";
import { journalCount, journalParsed, journalTrouble, journalWritten } from "./journal.js";
import { about, button, dayInWords, fill, fresh, saved, speaker, tableBox } from "./places.js";

const MOST_NAMES = 8;
const KINDS = [
  ["predictions", "guesses"],
  ["attempts", "exercises"],
  ["kept", "values"],
];

// ---- the table ----------------------------------------------------------------------------------

// Rows of the table as journal.show() has them, by name.
function rowsOf(c, entries) {
  const { kinds, verdicts, judge } = c.words;
  const say = (value) => (value === undefined ? "" : spoken(value, judge));
  const verdict = (name, right) => {
    if (c.words.open.includes(name)) return verdicts.answered;
    return right ? verdicts.right : verdicts.wrong;
  };
  const rows = [];
  const add = (kind, name, yours, result, day) =>
    rows.push([name, kinds[kind], yours, result, dayInWords(c.words, day)]);
  for (const [name, e] of Object.entries(entries.predictions)) {
    add("guess", name, say(e.guess), say(e.result), e.day);
  }
  for (const [name, e] of Object.entries(entries.attempts)) {
    for (const t of e.tries) {
      add("exercise", name, say(t.answer), verdict(name, t.right), t.day);
    }
  }
  for (const [name, e] of Object.entries(entries.kept)) add("kept", name, say(e.value), "", e.day);
  return rows.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
}

// A name with what it asked, and the way to the notebook where it was asked.
function named(a, name) {
  const book = a.books?.[name.slice(0, 2)];
  const asked = a.questions?.[name];
  return [
    name,
    asked && h("span", { class: "ask-asked" }, asked),
    book && h("a", { class: "ask-asked", href: book.link }, book.title),
  ].filter(Boolean);
}

function tableOf(c, a) {
  const [what, name, ...rest] = c.words.heads;
  const table = tableBox(c.words.page.what, [name, what, ...rest]);
  table.node.classList.add("ask-list");
  const show = (entries) => {
    const rows = rowsOf(c, entries);
    table.fill(rows.map(([first, ...cells]) => [named(a, first), ...cells]));
    table.node.hidden = !rows.length;
  };
  return { node: table.node, show };
}

// What was written on this device, beside the journal.
function textsOf(c) {
  const node = h("details", {});
  const parts = (value) =>
    (typeof value === "string" ? [value] : Object.values(value)).filter(
      (one) => typeof one === "string" && one,
    );
  const show = () => {
    const all = Object.entries(c.journal.texts()).filter(([name]) => /^\d\d-[a-z]$/.test(name));
    const shown = all.flatMap(([name, value]) => [
      h("dt", {}, name),
      ...parts(value).map((text) => h("dd", { class: "ask-written" }, text)),
    ]);
    node.replaceChildren(h("summary", {}, c.words.page.own_texts), h("dl", {}, shown));
    node.hidden = !all.length;
  };
  return { node, show };
}

// ---- a file -------------------------------------------------------------------------------------

// "lab-journal-owl-7.json": the name stands in the file's name alone, as journal.export does it.
export function journalFile(name) {
  const code = (name.match(/[\p{L}\p{N}_]+/gu) ?? []).join("-").slice(0, 60);
  return code ? `lab-journal-${code}.json` : "lab-journal.json";
}

function saving(c, a, out) {
  const id = fresh("code");
  const input = h("input", { id, type: "text", autocomplete: "off" });
  const submit = (event) => {
    event.preventDefault();
    const file = journalFile(input.value);
    saved(file, journalWritten(c.journal.read()));
    out.say(h("p", {}, filled(c.words.page.saved, { file, count: c.count() })));
  };
  return h("form", { class: "ask-form", onsubmit: submit }, [
    h("label", { for: id }, a.code),
    h("span", { class: "ask-row" }, [input, h("button", { type: "submit" }, c.words.asked.save)]),
  ]);
}

const some = (names) =>
  names.slice(0, MOST_NAMES).join(", ") + (names.length > MOST_NAMES ? ", ..." : "");

// What was taken in, and what stayed: the sentences of journal.restore.
export function journalTakenIn(words, path, done, all) {
  const { asked, page } = words;
  const counts = KINDS.map(([part, key]) => [done.taken[part].length, key]).filter(([n]) => n);
  const count = counts.reduce((sum, [n]) => sum + n, 0);
  const kinds = counts.map(([n, key]) => filled(asked[key], { count: n })).join(", ");
  const said = [filled(count ? page.taken : asked.restored_none, { count, all, path, kinds })];
  if (done.stayed.length) said.push(filled(asked.stayed, { names: some(done.stayed) }));
  if (done.same) said.push(filled(asked.same, { count: done.same }));
  return said.join(" ");
}

function takenFrom(c, path, text) {
  const { asked, page } = c.words;
  const other = journalParsed(text);
  if (!other) {
    const trouble = journalTrouble(text);
    return filled(trouble === "foreign" ? asked.no_export : page[trouble], { path });
  }
  return journalTakenIn(c.words, path, c.journal.takeIn(other), journalCount(other));
}

function taking(c, a, out) {
  const id = fresh("file");
  const input = h("input", { id, type: "file", accept: ".json,application/json" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    let said = filled(c.words.page.unreadable, { path: file.name });
    try {
      said = takenFrom(c, file.name, await file.text());
    } catch {
      // Said already: the file went away, or the browser may not read it.
    }
    input.value = "";
    out.say(h("p", {}, said));
  });
  return h("p", { class: "ask-field" }, [h("label", { for: id }, a.take), input]);
}

// ---- deleting -----------------------------------------------------------------------------------

function deleting(c, out) {
  const { page } = c.words;
  const asks = h("p", {});
  const box = h("div", { role: "group", "aria-label": page.delete, hidden: true });
  const first = button(page.delete, () => {
    asks.textContent = filled(page.delete_ask, { count: c.count() });
    first.hidden = true;
    box.hidden = false;
    keep.focus();
  });
  const close = (text) => {
    box.hidden = true;
    first.hidden = false;
    out.say(text ? h("p", {}, text) : []);
    first.focus();
  };
  const remove = button(page.delete_yes, () => {
    c.journal.clear();
    close(page.deleted);
  });
  const keep = button(page.delete_no, () => close(""));
  box.append(asks, h("p", { class: "ask-row" }, [keep, remove]));
  return [first, box];
}

// ---- the page -----------------------------------------------------------------------------------

// What is said beside each button; what was said beside another is gone then.
function speakers(count) {
  const all = Array.from({ length: count }, speaker);
  return all.map((one) => ({
    node: one.node,
    say: (...children) => {
      for (const other of all) if (other !== one) other.say();
      one.say(...children);
    },
  }));
}

export function startJournal(place, c) {
  const a = about(place);
  const [onSave, onTake, onRemove] = speakers(3);
  const count = h("p", {});
  const table = tableOf(c, a);
  const texts = textsOf(c);
  const section = (heading, ...children) => h("section", {}, [h("h2", {}, heading), ...children]);
  fill(place, [
    section(a.kept, count, table.node, texts.node),
    section(a.save, saving(c, a, onSave), onSave.node),
    section(a.bring, taking(c, a, onTake), onTake.node),
    section(a.remove, ...deleting(c, onRemove), onRemove.node),
  ]);
  return () => {
    const n = c.count();
    count.textContent = n ? filled(c.words.asked.count, { count: n }) : c.words.asked.empty;
    table.show(c.journal.read());
    texts.show();
  };
}
