// Exercises on a page: options to choose, a value to type in, a table of a function's answers, a text
// with three questions about it.  In: the exercise as Python wrote it into the page.  Out: the verdict in
// the words of `check` (judge.js), and the attempt in the journal.

import { h } from "../../../views/explorers/pieces.js";
import { judge } from "./judge.js";
import { read } from "./literals.js";
import { about, fill, fresh, headed, said, speaker, tableBox } from "./places.js";

const triesOf = (c, id) => c.journal.read().attempts[id]?.tries ?? [];

// Judge an answer, say what was found, and keep the attempt where Python would.
function tried(c, a, out, answer, tries) {
  const found = judge(a.exercise, answer, tries, c.words.judge);
  const kind = found.right ? "right" : found.answered ? "hint" : "exercise";
  const note = found.note ? [h("p", { class: "ask-note" }, found.note)] : [];
  const sign = c.words.signs[kind];
  out.node.className = `ask-said ask-${kind}`;
  const title = h("p", { class: "lab-label" }, `${sign} ${found.title}`);
  out.say(title, ...note, ...said(found.words));
  return found;
}

function submitted(c, a, out, answer) {
  const found = tried(c, a, out, answer, triesOf(c, a.id));
  if (found.entry && !found.again) c.journal.attempt(a.id, found.entry);
}

// The last attempt, judged again after a reload: its words, and nothing new in the journal.  What
// cannot be shown in this form, such as a function that was written in a notebook, is left alone.
function again(c, a, out, answer, tries) {
  const found = tried(c, a, out, answer, tries.slice(0, -1));
  if (!found.answered) out.say([]);
}

// ---- what is typed ------------------------------------------------------------------------------

function typedField(c, { name, label, options }) {
  const id = fresh("answer");
  const field = (input) => ({
    input,
    node: h("p", { class: "ask-field" }, [h("label", { for: id }, label), input]),
  });
  if (options?.length) {
    const choices = options.map((text) => h("option", { value: text }, text));
    const open = h("option", { value: "" }, c.words.asked.none);
    return field(h("select", { id, name }, [open, ...choices]));
  }
  const input = h("input", {
    id,
    type: "text",
    name,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  return field(input);
}

// One field, or several where the answer has parts; what was typed as one text, as Python has it.
function typedForm(a, c) {
  const fields = a.fields.map((one) => typedField(c, one));
  const nodes = fields.map((one) => one.node);
  if (a.numeric && a.form !== "names") {
    nodes.push(h("p", { class: "ask-unit" }, a.exercise.box ?? a.exercise.expects));
  }
  const value = () => {
    const texts = fields.map((one) => one.input.value.trim());
    if (texts.some((text) => !text)) return read("", a.exercise);
    if (a.form === "value") return read(texts[0], a.exercise);
    const parts = texts.map((text) => (a.numeric ? read(text) : text));
    if (a.form === "list") return parts;
    return Object.fromEntries(a.fields.map((one, k) => [one.name, parts[k]]));
  };
  const show = (answer) => {
    const texts =
      a.form === "value"
        ? [answer]
        : a.form === "list"
          ? answer
          : a.fields.map((one) => answer?.[one.name]);
    fields.forEach((one, k) => {
      const text = texts?.[k];
      if (text === undefined || text === null) return;
      one.input.value = typeof text === "object" ? JSON.stringify(text) : String(text);
    });
  };
  return { nodes, value, show };
}

// ---- options ------------------------------------------------------------------------------------

function choice(type, group, value, label) {
  const id = fresh("option");
  const box = h("input", { type, name: group, value, id });
  return { box, node: h("div", { class: "ask-choice" }, [box, h("label", { for: id }, label)]) };
}

function chooseForm(a) {
  const type = a.form === "one" ? "radio" : "checkbox";
  const group = fresh("choose");
  const options = a.options.map((one) => choice(type, group, one, one));
  const field = h("fieldset", {}, [h("legend", {}, a.label), ...options.map((one) => one.node)]);
  const value = () => {
    const chosen = options.filter((one) => one.box.checked).map((one) => one.box.value);
    if (!chosen.length) return read("", a.exercise);
    return chosen.length === 1 && a.form !== "set" ? chosen[0] : chosen;
  };
  // Names of options may hold a comma: "phone, strict".
  const show = (answer) => {
    const names = Array.isArray(answer) ? answer.join(", ") : String(answer);
    const whole = a.options.includes(names) ? [names] : names.split(", ");
    const listed = whole.every((name) => a.options.includes(name))
      ? whole
      : a.options.filter((name) => names.includes(name));
    for (const one of options) one.box.checked = listed.includes(one.box.value);
  };
  return { nodes: [field], value, show };
}

// ---- a question with yes and no -----------------------------------------------------------------

function yesNo(c, question) {
  const group = fresh("yes");
  const { yes, no } = c.words.asked;
  const both = [choice("radio", group, "yes", yes), choice("radio", group, "no", no)];
  const node = h("fieldset", { class: "ask-yes" }, [
    h("legend", {}, question),
    ...both.map((one) => one.node),
  ]);
  const value = () => both.find((one) => one.box.checked)?.box.value ?? null;
  const show = (text) => {
    for (const one of both) one.box.checked = one.box.value === text;
  };
  return { node, value, show };
}

// ---- a function ---------------------------------------------------------------------------------

function functionForm(a, c) {
  const { yes, no, none } = c.words.asked;
  const selects = a.cases.map((one) =>
    h("select", { "aria-label": one.call }, [
      h("option", { value: "" }, none),
      h("option", { value: "yes" }, yes),
      h("option", { value: "no" }, no),
    ]),
  );
  const table = tableBox(a.title, [...a.heads, a.label]);
  table.fill(a.cases.map((one, k) => [...one.shown, selects[k]]));
  const truths = { yes: true, no: false };
  const value = () => {
    if (!selects.some((one) => one.value)) return read("", a.exercise);
    return selects.map((one) => truths[one.value] ?? null);
  };
  const show = (answer) => {
    if (!Array.isArray(answer)) return;
    selects.forEach((one, k) => {
      one.value = answer[k] === true ? "yes" : answer[k] === false ? "no" : "";
    });
  };
  return { nodes: [table.node], value, show };
}

// ---- a text -------------------------------------------------------------------------------------

// A part of a text: kept on this device as it is typed, outside of the journal.
function textField(c, a, one) {
  const id = fresh("text");
  const held = () => c.journal.texts()[a.id] ?? {};
  const attributes = { id, rows: one.rows, list: null };
  const node = h(one.rows > 1 ? "textarea" : "input", attributes);
  node.value = held()[one.name] ?? "";
  node.addEventListener("input", () => {
    c.journal.keepText(a.id, { ...held(), [one.name]: node.value });
  });
  return h("p", { class: "ask-field" }, [h("label", { for: id }, one.label), node]);
}

function writeForm(a, c) {
  const texts = a.texts.map((one) => textField(c, a, one));
  const questions = a.questions.map((question) => yesNo(c, question));
  const value = () => questions.map((one) => one.value() ?? read(""));
  const show = (answer) => {
    if (!Array.isArray(answer)) return;
    questions.forEach((one, k) => {
      one.show(answer[k]);
    });
  };
  const where = h("p", { class: "ask-note" }, c.words.asked.text_stays);
  return { nodes: [...texts, where, ...questions.map((one) => one.node)], value, show };
}

// ---- without Python -----------------------------------------------------------------------------

function byHand(a, c) {
  const hand = a.exercise.by_hand;
  if (!hand) return null;
  const tables = hand.tables.map(({ caption, head, rows }) => {
    const table = tableBox(caption, head, caption);
    table.fill(rows);
    return table.node;
  });
  const parts = [...said(hand.how), ...tables];
  const name = h("summary", {}, c.words.asked.by_hand);
  return h("details", { class: "ask-hand", open: true }, [name, ...parts]);
}

// ---- the place ----------------------------------------------------------------------------------

const FORMS = {
  value: typedForm,
  list: typedForm,
  names: typedForm,
  one: chooseForm,
  many: chooseForm,
  set: chooseForm,
  function: functionForm,
  write: writeForm,
};

export function startExercise(place, c) {
  const a = about(place);
  const out = speaker();
  const form = FORMS[a.form](a, c);
  let [before, busy] = [0, false];
  const submit = (event) => {
    event.preventDefault();
    busy = true;
    submitted(c, a, out, form.value());
    busy = false;
  };
  const node = h("form", { class: "ask-form", onsubmit: submit }, [
    ...form.nodes,
    h("button", { type: "submit" }, c.words.asked.check),
  ]);
  const here = h("p", { class: "ask-note" }, c.words.asked.answer_here);
  fill(place, [headed(place, a.title), here, byHand(a, c), node, out.node]);

  // After a reload, or in another tab, the last attempt stands there again.
  return () => {
    const tries = triesOf(c, a.id);
    const news = tries.length !== before;
    before = tries.length;
    if (!news || busy || place.contains(document.activeElement)) return;
    if (!tries.length) {
      out.say([]);
      return;
    }
    form.show(tries.at(-1).answer);
    again(c, a, out, form.value(), tries);
  };
}
