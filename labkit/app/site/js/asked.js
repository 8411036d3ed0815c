// Places on a page where something is asked: guesses and what was measured, the ballot, votes, the
// games' answers, what follows from a right answer.  In: what Python wrote into the page beside each
// place, and the journal of this device.  Out: controls, and the sentences that a notebook would say.

import { h } from "../../../views/explorers/pieces.js";
import { filled } from "../../../views/explorers/words.js";
import { startExercise } from "./exercise.js";
import { apart, readGuess, spoken } from "./guesses.js";
import { journalCount, journalHere, journalSame, journalWritten } from "./journal.js";
import { startJournal } from "./journal_page.js";
import { startMemo } from "./memo.js";
import {
  about,
  button,
  dayInWords,
  fill,
  fresh,
  headed,
  saved,
  speaker,
  tableBox,
} from "./places.js";

const paragraph = (...texts) => h("p", {}, texts.filter(Boolean).join(" "));
const guessOf = (c, key) => c.journal.read().predictions[key]?.guess;

// ---- guesses ------------------------------------------------------------------------------------

// Keep what was typed, and say what was kept: as journal.predict.
function kept(c, a, typed) {
  const { asked, judge } = c.words;
  const { kept: guess, remarks } = readGuess(typed, a.low, a.high, a.whole, judge);
  if (guess === undefined) return [...remarks, filled(asked.no_guess, a)];
  const again = c.journal.predict(a.key, guess);
  const sentence = asked[again ? "guess_again" : "guess"];
  return [filled(sentence, { key: a.key, guess: spoken(guess, judge) }), ...remarks];
}

function guessPlace(place, c) {
  const a = about(place);
  const { asked, judge } = c.words;
  const out = speaker();
  const id = fresh("guess");
  const input = h("input", {
    id,
    type: "text",
    autocomplete: "off",
    inputmode: a.low >= 0 && a.low !== null ? "decimal" : "text",
    "aria-describedby": a.unit ? `${id}-unit` : null,
  });
  const submit = (event) => {
    event.preventDefault();
    out.say(paragraph(...kept(c, a, input.value)));
  };
  const unit = a.unit ? h("span", { id: `${id}-unit`, class: "ask-unit" }, a.unit) : null;
  const asks = a.question ? paragraph(a.question) : null;
  const form = h("form", { class: "ask-form", onsubmit: submit }, [
    h("label", { for: id }, a.label),
    h("span", { class: "ask-row" }, [input, h("button", { type: "submit" }, asked.keep)]),
    unit,
  ]);
  fill(place, [headed(place, a.title), asks, form, out.node]);

  function update() {
    const guess = guessOf(c, a.key);
    if (guess === undefined || document.activeElement === input) return;
    const text = spoken(guess, judge);
    if (journalSame(guess, readGuess(input.value, a.low, a.high, a.whole, judge).kept)) return;
    input.value = typeof guess === "number" ? String(guess) : text;
    out.say(paragraph(filled(asked.your_guess, { key: a.key, guess: text })));
  }
  return update;
}

// ---- what was measured --------------------------------------------------------------------------

// All that was shown with a result opens with it.
function opens(place, open) {
  let box = place.closest("[data-waits]");
  if (!box) return;
  while (box.children.length === 1 && !box.firstElementChild.matches("[data-ask]")) {
    box = box.firstElementChild;
  }
  for (const child of box.children) {
    if (!child.matches("[data-ask]") && !child.querySelector("[data-ask]")) child.hidden = !open;
  }
}

// The sentences of journal.result.
function measured(c, a) {
  const { asked, judge } = c.words;
  const guess = c.journal.result(a.key, a.value, a.text);
  const first =
    guess === undefined
      ? filled(asked.without, { key: a.key })
      : filled(asked.your_guess, { key: a.key, guess: spoken(guess, judge) });
  const shown = a.text ? a.text.replace(/[. ]+$/, "") : spoken(a.value, judge);
  return [first, filled(asked.result, { result: shown }), ...apart(guess, a.value, judge)];
}

function resultPlace(place, c) {
  const a = about(place);
  const { asked } = c.words;
  const out = speaker();
  let without = false;
  const look = button(asked.show_without, () => {
    without = true;
    update();
    place.tabIndex = -1;
    place.focus();
  });
  const elsewhere = a.link ? h("p", {}, h("a", { href: a.link }, asked.to_ballot)) : null;
  const closed = h("div", {}, [h("p", {}, a.link ? asked.waits_ballot : asked.waits), elsewhere]);
  closed.append(look);
  fill(place, [headed(place, asked.opened), closed, out.node]);
  let before = null;

  function update() {
    const open = without || guessOf(c, a.key) !== undefined;
    closed.hidden = open;
    opens(place, open);
    const now = open ? measured(c, a).join(" ") : "";
    if (now === before) return;
    before = now;
    out.say(open ? paragraph(now) : []);
  }
  return update;
}

// ---- the ballot box -----------------------------------------------------------------------------

function ballotBox(place, c) {
  const a = about(place);
  const { asked } = c.words;
  const out = speaker();
  fill(place, [out.node]);
  return () => {
    const inside = a.questions.filter((one) => guessOf(c, one.key) !== undefined);
    const opened = inside.map((one) => filled(asked.ballot_one, one)).join(", ");
    const facts = { kept: inside.length, all: a.questions.length, opened };
    out.say(paragraph(filled(asked[inside.length ? "ballot_kept" : "ballot_empty"], facts)));
  };
}

// The five questions with the guesses of this device.
function ballotRest(place, c) {
  const a = about(place);
  const { asked, judge } = c.words;
  const table = tableBox(a.caption, a.heads, a.caption);
  fill(place, [table.node]);
  return () => {
    const rows = a.questions.map((one) => {
      const guess = guessOf(c, one.key);
      const shown = guess === undefined ? asked.none : spoken(guess, judge);
      if (guess !== undefined) c.journal.result(one.key, one.value, one.text);
      return [`${one.letter}. ${one.words}`, shown, one.text, one.notebook];
    });
    table.fill(rows);
  };
}

// ---- votes --------------------------------------------------------------------------------------

function votesOf(c, a) {
  const given = c.journal.read().kept[a.kept]?.value ?? {};
  const known = a.options.map((one) => one.word);
  return Object.fromEntries(
    ["before", "after"].filter((when) => known.includes(given[when])).map((w) => [w, given[w]]),
  );
}

// Keep a vote, and say what was kept: as vote.cast.
function castVote(c, a, word) {
  const { asked } = c.words;
  const given = votesOf(c, a);
  const named = (one) => a.options.find((option) => option.word === one).name;
  const { before, after } = given;
  if (a.when === "before" && after && before && before !== word) {
    return filled(asked.vote_stays, { name: named(before), word: before });
  }
  c.journal.keep(a.kept, { ...given, [a.when]: word });
  const facts = { name: named(word), word };
  if (a.when === "before") return filled(asked.vote_before, facts);
  if (!before) return filled(asked.vote_after_alone, facts);
  if (before === word) return filled(asked.vote_same, facts);
  return filled(asked.vote_changed, { old: named(before), old_word: before, ...facts });
}

function votePlace(place, c) {
  const a = about(place);
  const { asked } = c.words;
  const out = speaker();
  const group = fresh("vote");
  const radios = a.options.map((one) =>
    h("input", { type: "radio", name: group, value: one.word, id: `${group}-${one.word}` }),
  );
  const choices = a.options.map((one, k) =>
    h("div", { class: "ask-choice" }, [
      radios[k],
      h("label", { for: radios[k].id }, [h("b", {}, one.word), `: ${one.name}`]),
    ]),
  );
  const submit = (event) => {
    event.preventDefault();
    const chosen = radios.find((radio) => radio.checked);
    out.say(paragraph(chosen ? castVote(c, a, chosen.value) : asked.vote_open));
    update();
  };
  const form = h("form", { class: "ask-form", onsubmit: submit }, [
    h("fieldset", {}, [h("legend", {}, a.title), ...choices]),
    h("button", { type: "submit" }, asked.keep),
  ]);
  fill(place, [form, out.node]);

  function update() {
    const given = votesOf(c, a)[a.when];
    if (!given || place.contains(document.activeElement)) return;
    for (const radio of radios) radio.checked = radio.value === given;
  }
  return update;
}

// ---- what follows from a right answer -----------------------------------------------------------

const isRight = (c, id) =>
  (c.journal.read().attempts[id]?.tries ?? []).some((one) => one.right === true);

function followsPlace(place, c) {
  const { id } = about(place);
  const [until, then] = [place.querySelector(".ask-until"), place.querySelector(".ask-then")];
  place.setAttribute("aria-live", "polite");
  return () => {
    const right = isRight(c, id);
    until.hidden = right && !!then;
    if (then) then.hidden = !right;
  };
}

// ---- games --------------------------------------------------------------------------------------

const KNOWN = { game: ["same", "different"] };

// Answers of a game that are whole: as many as it has questions, each answered.
function whole(a, answers) {
  if (!Array.isArray(answers) || answers.length !== a.n) return false;
  const known = KNOWN[a.explorer];
  return answers.every((one) => typeof one === "string" && one && (!known || known.includes(one)));
}

const openAnswers = (a, answers) =>
  Array.isArray(answers) &&
  answers.length === a.n &&
  answers.every((one) => typeof one === "string");

// The explorer begins with what was answered before, and what is answered is kept: in the journal when
// all is answered, as a notebook keeps it; until then beside it, to go on after a reload.
function wire(c, a, page) {
  const place = page.querySelector(`[data-explorer="${a.explorer}"]`);
  const script = place?.querySelector("script[data-state]");
  if (!script) return;
  const found = [c.journal.texts()[a.kept], c.journal.read().kept[a.kept]?.value];
  const before = found.find((one) => openAnswers(a, one));
  if (before) {
    script.textContent = JSON.stringify({ ...JSON.parse(script.textContent), answers: before });
  }
  place.addEventListener("lab-explorer", ({ detail }) => {
    if (detail.name !== "answers" || !openAnswers(a, detail.value)) return;
    c.journal.keepText(a.kept, detail.value);
    if (whole(a, detail.value)) c.journal.keep(a.kept, detail.value);
  });
}

// Counts of answers beside the truth: as labkit.learning.game.counted.
function counted(answers, truth) {
  const n = (test) => answers.filter((one, k) => one && test(one === "same", truth[k])).length;
  const count = {
    pairs: truth.length,
    answered: n(() => true),
    same: n((_, one) => one),
    different: n((_, one) => !one),
    missed: n((said, one) => !said && one),
    mixed: n((said, one) => said && !one),
  };
  return { ...count, right: count.answered - count.missed - count.mixed };
}

function answersOf(c, a) {
  const answers = c.journal.read().kept[a.kept]?.value;
  return whole(a, answers) ? answers : null;
}

function gamePlace(place, c, page) {
  const a = about(place);
  wire(c, a, page);
  const out = speaker();
  fill(place, [headed(place, c.words.asked.opened), out.node]);
  let before = null;
  return () => {
    const answers = answersOf(c, a);
    const count = answers && counted(answers, a.truth);
    const told = count
      ? [measured(c, { ...a, value: count.right, text: null }).join(" "), filled(a.sentence, count)]
      : [a.open];
    if (told.join() === before) return;
    before = told.join();
    out.say(told.map((text) => h("p", {}, text)));
  };
}

// The count of the learner's game in a later notebook, where there is one.
function gameCount(place, c) {
  const a = about(place);
  const text = h("p", {}, a.open);
  fill(place, [text]);
  return () => {
    const answers = answersOf(c, a);
    text.textContent = answers
      ? filled(a.sentence, { who: c.words.asked.you, ...counted(answers, a.truth) })
      : a.open;
  };
}

function reviewPlace(place, c, page) {
  wire(c, about(place), page);
  return () => {};
}

// Whether something of the learner's is kept under a name, for a notebook that goes on with it.
function recallPlace(place, c) {
  const a = about(place);
  const text = h("p", {}, a.open);
  fill(place, [text]);
  return () => {
    const entry = c.journal.read().kept[a.kept];
    const yours = entry && (!a.n || whole(a, entry.value));
    const day = entry && dayInWords(c.words, entry.day);
    text.textContent = yours ? filled(c.words.asked.yours, { day }) : a.open;
  };
}

// ---- the learner's own numbers ------------------------------------------------------------------

const finite = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);

// A number of the learner's own: a right answer, or the result beside a guess.  As labkit.learning.own.
function ownNumber(entries, key) {
  const tries = entries.attempts[key]?.tries ?? [];
  const right = tries.filter((t) => t.right === true && finite(t.answer) !== null);
  return right.length ? right.at(-1).answer : finite(entries.predictions[key]?.result);
}

function ownPlace(place, c) {
  const a = about(place);
  const { asked, judge } = c.words;
  const told = h("p", {});
  const table = tableBox(a.caption, a.heads);
  fill(place, [told, h("details", {}, [h("summary", {}, a.caption), table.node])]);
  const shown = (value, times) =>
    value === null ? "" : spoken(Number((value * times).toPrecision(12)), judge);
  return () => {
    const entries = c.journal.read();
    const own = a.numbers.map((one) => (one.key ? ownNumber(entries, one.key) : null));
    const yours = own.filter((one) => one !== null).length;
    const facts = { yours, all: a.numbers.length };
    told.textContent = filled(asked[yours ? "own_some" : "own_none"], facts);
    const rows = a.numbers.map((one, k) => {
      const guess = finite(entries.predictions[one.key]?.guess);
      const [yours, guessed] = [own[k], guess].map((value) => shown(value, one.times));
      return [one.counts, one.here, yours, guessed, one.notebook];
    });
    table.fill(rows);
  };
}

// ---- the journal in a notebook ------------------------------------------------------------------

function journalPlace(place, c) {
  const a = about(place);
  const { asked } = c.words;
  const told = h("p", {});
  const save = button(asked.save, () =>
    saved("lab-journal.json", journalWritten(c.journal.read())),
  );
  const link = h("a", { href: a.link }, asked.to_journal);
  fill(place, [told, h("p", { class: "ask-row" }, [save, link])]);
  return () => {
    told.textContent = filled(asked.count, { count: c.count() });
  };
}

// ---- all of them --------------------------------------------------------------------------------

const PLACES = {
  predict: guessPlace,
  result: resultPlace,
  "ballot box": ballotBox,
  "ballot rest": ballotRest,
  vote: votePlace,
  exercise: startExercise,
  follows: followsPlace,
  game: gamePlace,
  "game count": gameCount,
  review: reviewPlace,
  recall: recallPlace,
  own: ownPlace,
  memo: startMemo,
  journal: journalPlace,
  "journal page": startJournal,
};

// One sentence where entries cannot be kept, above the first place that keeps some.
function teller(page, words) {
  return (trouble) => {
    const text = words.asked[`trouble_${trouble}`];
    const first = page.querySelector("[data-ask]");
    first?.before(h("p", { role: "status", class: "ask-trouble" }, text));
  };
}

export function start(page) {
  const held = page.getElementById("asked-words");
  if (!held) return;
  const words = JSON.parse(held.textContent);
  const journal = journalHere(teller(page, words));
  const c = { journal, words };
  c.count = () => journalCount(journal.read());
  const updates = [];
  for (const place of page.querySelectorAll("[data-ask]")) {
    const update = PLACES[place.dataset.ask]?.(place, c, page);
    if (update) updates.push(update);
  }
  const all = () => {
    for (const update of updates) update();
  };
  journal.hear(all);
  all();
}
