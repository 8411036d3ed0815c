// The decision memo of notebook 12 as a page and as plain text: the empty memo that Python made, with
// what the writer wrote in place of the lines to write on.  Nothing is sent: both are saved by the
// browser.

import { h } from "../../../views/explorers/pieces.js";
import { filled } from "../../../views/explorers/words.js";
import { about, button, fill, saved } from "./places.js";

const PARTS = ["because", "against", "reply", "bears", "change"];
const WIDTH = 76;
const LINE = /_{24}/;

const lines = (text) =>
  (text ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

// What was decided, in words: an option and what would hold, or the writer's own words.
function decision(a, written) {
  const word = (written.option ?? "").trim();
  const known = a.options.find((one) => one.word === word);
  return known ? `${known.name}. ${known.means}` : word;
}

function votesIn(c, a) {
  const given = c.journal.read().kept[a.kept]?.value ?? {};
  const named = (word) => a.options.find((one) => one.word === word)?.name;
  return ["before", "after"]
    .filter((when) => named(given[when]))
    .map((when) => filled(a.votes[when], { name: named(given[when]) }));
}

function today(words) {
  const now = new Date();
  const month = words.months[now.getMonth()];
  return filled(words.asked.date, { day: now.getDate(), month, year: now.getFullYear() });
}

const heading = (c, a, written) => {
  const who = (written.signed ?? "").trim() || "_".repeat(24);
  return filled(a.by, { who, day: today(c.words) });
};

// The page with a part filled in: paragraphs where lines to write on were.
function fillPart(page, id, texts) {
  const section = page.getElementById(id)?.parentElement;
  if (!section || !texts.length) return;
  for (const line of section.querySelectorAll(".to-write, .choices")) line.remove();
  for (const text of texts) {
    const p = page.createElement("p");
    p.className = "written";
    p.textContent = text;
    section.append(p);
  }
}

function memoPage(c, a, written) {
  const page = new DOMParser().parseFromString(a.page, "text/html");
  const by = page.querySelector("header .note, .note");
  if (by) by.textContent = heading(c, a, written);
  fillPart(page, "decide", lines(decision(a, written)));
  for (const text of votesIn(c, a)) {
    const p = page.createElement("p");
    p.className = "note";
    p.textContent = text;
    page.getElementById("decide").parentElement.append(p);
  }
  PARTS.forEach((name, k) => {
    fillPart(page, `part-${k + 1}`, lines(written[name]));
  });
  return `<!doctype html>\n${page.documentElement.outerHTML}\n`;
}

// Lines of at most so many letters.
function wrapped(text) {
  const out = [];
  for (const line of text.split("\n")) {
    let open = "";
    for (const word of line.split(" ")) {
      if (open && open.length + 1 + word.length > WIDTH) {
        out.push(open);
        open = word;
      } else open = open ? `${open} ${word}` : word;
    }
    out.push(open);
  }
  return out.join("\n");
}

function memoText(c, a, written) {
  const texts = [
    [decision(a, written), ...votesIn(c, a)].filter(Boolean).join("\n"),
    ...PARTS.map((name) => lines(written[name]).join("\n")),
  ];
  let first = true;
  const all = a.text.split("\n").map((line) => {
    if (!LINE.test(line)) return line;
    if (first) {
      first = false;
      return heading(c, a, written);
    }
    return wrapped(texts.shift() ?? "") || line;
  });
  return all.join("\n");
}

// The two buttons below the memo.
export function startMemo(place, c) {
  const a = about(place);
  const { asked } = c.words;
  const written = () => c.journal.texts()[a.exercise] ?? {};
  const asPage = button(asked.memo_page, () =>
    saved(`${a.file}.html`, memoPage(c, a, written()), "text/html"),
  );
  const asText = button(asked.memo_text, () =>
    saved(`${a.file}.txt`, memoText(c, a, written()), "text/plain"),
  );
  fill(place, [h("p", {}, asked.memo), h("p", { class: "ask-row" }, [asPage, asText])]);
  return null;
}
