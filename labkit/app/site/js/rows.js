// Rows that can be searched: the published record, the glossary.
//
// A page has a form [data-rows-form], hidden until this script runs, rows [data-row] in sections
// [data-rows-of], a sentence [data-rows-said] with its words as JSON in #words under "rows", and
// [data-rows-top] above them.  A row may name
// its table, state and check in data-table, data-state and data-check.  What a section has in
// [data-rows-head] (its title, its introduction) is looked through as if every row of it said so.

// Text as it is compared: no capitals, no accents, straight quotation marks, one kind of dash, single
// spaces; "percent" and "per cent" are "%".
export function fold(text) {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[‐‑–—−]/g, "-")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/ ?\b(?:per ?cent|por ciento)\b/g, "%")
    .replace(/(\d) %/g, "$1%");
}

// A word without what stands around it: no commas, brackets, question marks.  A table holds "99" where
// a reader types "99%".
function bare(word) {
  const edges = /^[^\p{L}\p{N}%$€£+-]+|[^\p{L}\p{N}%]+$/gu;
  return word.replace(edges, "").replace(/(\d)%$/, "$1");
}

// What is looked for: words, and what stands between quotation marks as a whole.
export function asked(text) {
  const found = fold(text).matchAll(/"([^"]+)"?|([^\s"]+)/g);
  return [...found].map(([, phrase, word]) => phrase?.trim() ?? bare(word)).filter(Boolean);
}

const isChosen = (row, chosen) =>
  ["table", "state", "check"].every((key) => !chosen[key] || row[key] === chosen[key]);

// How many of the words a row ({ text, head, table, state, check }) or the head of its table has.
const held = (row, words) =>
  words.filter((word) => row.text.includes(word) || row.head.includes(word)).length;

// The rows that are what was chosen and have every word; where none has, those with the most of
// them, if that is more than half: who asks in a whole sentence finds what it is about.
export function fitting(rows, words, chosen) {
  const of = words.length;
  const open = rows.filter((row) => isChosen(row, chosen));
  const counts = open.map((row) => held(row, words));
  const have = Math.max(0, ...counts);
  if (of && 2 * have <= of) return { rows: [], have: 0, of };
  return { rows: open.filter((_, k) => counts[k] === have), have, of };
}

// The sentence about the count.
export function said(words, { rows, have, of }, all) {
  const shown = rows.length;
  const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  const key = shown === all ? "all" : shown === 1 ? "one" : shown ? "some" : "none";
  return words[shown && have < of ? "most" : key]
    .replace("{shown}", number(shown))
    .replace("{all}", number(all))
    .replace("{have}", have)
    .replace("{of}", of);
}

function rowOf(node) {
  const { table = "", state = "", check = "" } = node.dataset;
  const heads = node.closest("[data-rows-of]")?.querySelectorAll("[data-rows-head]") ?? [];
  const head = fold([...heads].map((one) => one.textContent).join(" "));
  const text = fold(node.textContent);
  return { node, table, state: state && `${table}/${state}`, check, head, text };
}

// A section with rows: hidden when none of them is shown; its count is kept up to date.
function sectionOf(node, rows) {
  const own = rows.filter((row) => node.contains(row.node));
  const counts = [...node.querySelectorAll("[data-rows-count]")];
  const whole = counts.map((count) => count.textContent);
  const link = document.querySelector(`[data-rows-link="${node.id}"]`);
  return {
    show(words) {
      const shown = own.filter((row) => !row.node.hidden).length;
      node.hidden = shown === 0;
      if (link) link.hidden = node.hidden;
      counts.forEach((count, k) => {
        const some = words.count.replace("{shown}", shown).replace("{all}", own.length);
        count.textContent = shown === own.length ? whole[k] : some;
      });
    },
  };
}

// States belong to one table: those of others cannot be chosen.
function fitStates(states, table) {
  if (!states) return;
  for (const group of states.querySelectorAll("optgroup")) {
    const other = Boolean(table) && group.dataset.table !== table;
    group.hidden = other;
    group.disabled = other;
    if (other && states.value.startsWith(`${group.dataset.table}/`)) states.value = "";
  }
}

function chosenIn(form) {
  const value = (name) => form.elements[name]?.value ?? "";
  return { table: value("table"), state: value("state"), check: value("check") };
}

// What the address asks for: ?q=words&table=name.
function fromAddress(form, address) {
  for (const [name, value] of new URLSearchParams(address)) {
    const field = form.elements[name];
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
      field.value = value;
      if (field.value !== value) field.value = "";
    }
  }
}

// A row that the address names is shown, whatever is searched for, and opened where it is folded.
function showNamed(form, update) {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named) return;
  if (named.closest("[hidden]")) {
    form.reset();
    update();
  }
  for (let fold = named.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  named.scrollIntoView();
}

// Whoever types far down the page sees the first rows that fit, not where the last ones stood.
function showFirst() {
  const top = document.querySelector("[data-rows-top]");
  if (top.getBoundingClientRect().top < 0) top.scrollIntoView();
}

export function start() {
  const form = document.querySelector("[data-rows-form]");
  if (!form) return;
  const words = JSON.parse(document.getElementById("words").textContent).rows;
  const rows = [...document.querySelectorAll("[data-row]")].map(rowOf);
  const sections = [...document.querySelectorAll("[data-rows-of]")].map((n) => sectionOf(n, rows));
  const sentence = document.querySelector("[data-rows-said]");
  function update() {
    fitStates(form.elements.state, chosenIn(form).table);
    const chosen = chosenIn(form);
    const found = fitting(rows, asked(form.elements.q.value), chosen);
    const shown = new Set(found.rows);
    for (const row of rows) row.node.hidden = !shown.has(row);
    for (const section of sections) section.show(words);
    sentence.textContent = said(words, found, rows.length);
  }
  form.hidden = false;
  form.addEventListener("input", () => {
    update();
    showFirst();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(update));
  addEventListener("hashchange", () => showNamed(form, update));
  fromAddress(form, location.search);
  update();
  showNamed(form, update);
}

if (typeof document !== "undefined") start();
