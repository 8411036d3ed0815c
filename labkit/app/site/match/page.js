// The page "Match two faces": brings the matcher when asked, compares two photographs, moves a
// threshold, and says what the verdict means.  Sentences and numbers come from Python as JSON.

import { showFound, showNumbers, showPicture } from "./draw.js";
import { cosine, described, products, templateOf, townTemplate, unit } from "./matcher.js";
import { start as startNetworks } from "./networks.js";
import { inTheWay, read, shipped } from "./photo.js";
import { binary, bring, put } from "./pieces.js";

const SIDES = ["first", "second"];
const OWN = "own"; // the value of a choice that stands for the learner's photograph

const $ = (id) => document.getElementById(id);
const text = (id) => JSON.parse($(id).textContent);
const data = text("match-data");
const words = data.words;

const state = {
  networks: null,
  matcher: data.matchers[0].name,
  sides: [data.cases[0].first, data.cases[0].second],
  steps: Object.fromEntries(data.matchers.map(({ name, start }) => [name, start])),
  own: [null, null], // of the left and of the right: { picture, found }
  similarity: null,
  asked: 0,
  taken: 0,
};
const pictures = new Map();
const known = new Map();

/** A sentence with its numbers put in. */
function fill(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const matcher = () => data.matchers.find(({ name }) => name === state.matcher);
const digits = (x) => x.toFixed(3);

/** Lets the browser draw what was said before long work begins. */
const drawnNow = () => new Promise((resolve) => setTimeout(resolve, 0));

// ---- the matcher is brought ---------------------------------------------------------------------

async function begin() {
  $("bring").disabled = true;
  $("progress").hidden = false;
  try {
    const files = await bring(data.files, (done, all) => {
      $("progress").value = done / all;
      say("said", fill("bringing", { done: megabytes(done), all: megabytes(all) }));
    });
    say("said", words.starting);
    await drawnNow();
    state.networks = await startNetworks(files);
  } catch (error) {
    $("progress").hidden = true;
    $("bring").disabled = false;
    say("said", failed(error));
    return;
  }
  $("progress").hidden = true;
  $("bring").hidden = true;
  $("lab").hidden = false;
  $("h-choose").focus(); // the button is gone: go on with what has come
  say("said", words.ready);
  await compare();
  document.body.dataset.match = "ready";
}

function failed(error) {
  const piece = data.files.flatMap(({ pieces }) => pieces).some((p) => p.file === error.message);
  return fill(piece ? "piece_missing" : "cannot_start", { file: error.message });
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(0);

function say(id, sentence) {
  $(id).textContent = sentence;
}

// ---- two photographs ----------------------------------------------------------------------------

async function compare() {
  state.asked += 1;
  const mine = state.asked;
  state.similarity = null;
  say("working", words.working);
  await drawnNow();
  const found = [];
  for (const side of [0, 1]) {
    const result = await resultOf(side);
    if (mine !== state.asked) return;
    found.push(result);
    await showSide(side, result);
  }
  if (mine !== state.asked) return;
  say("working", "");
  const [one, other] = found.map((result) => result?.template);
  state.similarity = one && other ? cosine(one, other) : null;
  showCompared(found);
  showThreshold();
  document.body.dataset.compared = String(mine);
}

/** What the matcher makes of a photograph; null without a face. */
async function resultOf(side) {
  const photo = state.sides[side];
  if (photo === OWN) return state.own[side].found;
  const key = `${state.matcher} ${photo}`;
  if (!known.has(key)) known.set(key, await computed(photo));
  return known.get(key);
}

async function computed(photo) {
  if (state.matcher === "SFace") {
    return described(await bundled(photo), state.networks, data.rules);
  }
  const chip = await shipped(data.photos[photo].chip);
  return { chip, template: await townTemplate(chip, state.networks) };
}

async function bundled(photo) {
  if (!pictures.has(photo)) pictures.set(photo, await shipped(data.photos[photo].picture));
  return pictures.get(photo);
}

async function showSide(side, result) {
  const photo = state.sides[side];
  const picture = photo === OWN ? state.own[side].picture : await bundled(photo);
  const part = (name) => $(`${name}-${side}`);
  part("name").textContent = nameOf(photo);
  showFound(part("photo"), picture, result?.corners ? result : null);
  part("photo").setAttribute("aria-label", altOf(photo));
  part("found").textContent = foundSaid(result);
  for (const name of ["chip", "numbers"]) part(name).hidden = !result;
  if (!result) return;
  showPicture(part("chip"), result.chip);
  part("chip").setAttribute("aria-label", fill("chip_alt", { side: result.chip.width }));
}

function nameOf(photo) {
  return photo === OWN ? words.own_name : data.photos[photo].name;
}

function altOf(photo) {
  return photo === OWN ? words.own_name : data.photos[photo].alt;
}

/** One sentence or two about what was found. */
function foundSaid(result) {
  if (!result) return words.no_face;
  if (!result.corners) return words.found_by_dlib;
  const said = [fill("found", { score: result.score.toFixed(2) })];
  if (result.faces > 1) said.push(fill("several", { n: result.faces }));
  if (result.turned) said.push(fill("turned", { degrees: Math.abs(result.turned).toFixed(0) }));
  if (result.width < data.rules.small) {
    said.push(fill("small", { width: result.width.toFixed(0) }));
  }
  return said.join(" ");
}

function showCompared(found) {
  const whole = state.similarity !== null;
  $("sum").hidden = !whole;
  if (!whole) {
    say("similarity", words.no_similarity);
    say("python", "");
    return;
  }
  const rows = found.map(({ template }) => unit(template));
  const most = Math.max(...rows.flat().map(Math.abs));
  rows.forEach((row, side) => {
    showNumbers($(`numbers-${side}`), row, most);
  });
  const parts = products(...rows);
  showNumbers($("products"), parts, Math.max(...parts.map(Math.abs)));
  say("similarity", fill("similarity", { similarity: digits(state.similarity) }));
  say("python", byPython());
}

function byPython() {
  if (state.sides.includes(OWN)) return "";
  const [first, second] = state.sides;
  return fill(matcher().rounded ? "by_python_rounded" : "by_python", {
    similarity: digits(matcher().similarities[first][second]),
  });
}

// ---- the threshold ------------------------------------------------------------------------------

function showThreshold() {
  const { steps } = matcher();
  const at = steps[state.steps[state.matcher]];
  const slider = $("threshold");
  slider.max = steps.length - 1;
  slider.value = state.steps[state.matcher];
  const shown = digits(at.threshold);
  slider.setAttribute("aria-valuetext", shown);
  say("threshold-value", shown);
  const named = matcher().named.find(({ step }) => step === state.steps[state.matcher]);
  say("threshold-means", named ? named.means : words.threshold_own_choice);
  placeMarks(steps, at.threshold);
  say("verdict", verdict(at.threshold));
  $("verdict").dataset.verdict = verdictKey(at.threshold);
  say("rates", fill("rates", { fmr: at.fmr, fnmr: at.fnmr, threshold: shown }));
}

function placeMarks(steps, threshold) {
  const [low, high] = [steps[0].threshold, steps[steps.length - 1].threshold];
  const share = (x) => `${(100 * Math.min(Math.max((x - low) / (high - low), 0), 1)).toFixed(2)}%`;
  $("mark-threshold").style.left = share(threshold);
  $("mark-similarity").hidden = state.similarity === null;
  if (state.similarity !== null) $("mark-similarity").style.left = share(state.similarity);
}

function verdictKey(threshold) {
  if (state.similarity === null) return "none";
  return state.similarity >= threshold ? "match" : "no match";
}

/** What the matcher says, and whether it is right where that is known. */
function verdict(threshold) {
  if (state.similarity === null) return words.no_verdict;
  const match = state.similarity >= threshold;
  const said = fill(match ? "match" : "no_match", {
    similarity: digits(state.similarity),
    threshold: digits(threshold),
  });
  return `${said} ${words[truth(match)]}`;
}

function truth(match) {
  const [first, second] = state.sides;
  if (first === OWN && second === OWN) return "own_both";
  if (first === OWN || second === OWN) return match ? "own_match" : "own_no_match";
  if (first === second) return "same_picture";
  const same = data.photos[first].person === data.photos[second].person;
  if (same) return match ? "right_match" : "miss";
  return match ? "false_match" : "right_no_match";
}

// ---- what is chosen -----------------------------------------------------------------------------

function chooseCase() {
  const { first, second, matcher: name } = data.cases[Number($("case").value)];
  state.sides = [first, second];
  if (name) chooseMatcher(name);
  showChoices();
  return compare();
}

function chooseMatcher(name) {
  state.matcher = name;
  for (const radio of document.querySelectorAll("[name=matcher]")) {
    radio.checked = radio.value === name;
  }
  say("matcher-means", matcher().means);
  const buttons = matcher().named.map(({ name: label, step }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => moveTo(step));
    return button;
  });
  $("named").replaceChildren(...buttons);
  if (name !== "SFace") leaveOwn();
}

function moveTo(step) {
  state.steps[state.matcher] = step;
  showThreshold();
}

function showChoices() {
  for (const side of [0, 1]) $(`side-${side}`).value = String(state.sides[side]);
}

function chooseSide(side) {
  const chosen = $(`side-${side}`).value;
  state.sides[side] = chosen === OWN ? OWN : Number(chosen);
  if (chosen === OWN && state.matcher !== "SFace") chooseMatcher("SFace");
  $("case").value = "";
  return compare();
}

// ---- a photograph of one's own ------------------------------------------------------------------

function answers() {
  const given = document.querySelectorAll("#consent select");
  return Object.fromEntries(Array.from(given, ({ name, value }) => [name, value]));
}

/** The sentence that stands in the way; empty when every question was answered. */
function consentSaid() {
  const sentence = inTheWay(data.consent, answers());
  $("file").disabled = sentence !== "";
  say("consent-said", sentence || words.consent_complete);
  return sentence;
}

async function takeIn(file, side = Number($("own-side").value)) {
  if (!file) return;
  if (!state.networks) return say("own-said", words.bring_first);
  const sentence = consentSaid();
  if (sentence) return say("own-said", sentence);
  state.taken += 1;
  const mine = state.taken;
  say("own-said", words.reading);
  await drawnNow();
  try {
    const picture = await read(file);
    const found = await described(picture, state.networks, data.rules);
    if (mine !== state.taken) return; // forgotten, or another file, meanwhile
    state.own[side] = { picture, found };
    say("own-said", found ? words.own_taken : words.own_no_face);
  } catch (error) {
    say("own-said", words[`own_${error.message}`] ?? words.own_no_picture);
    $("file").value = "";
    return;
  }
  offerOwn();
  if (state.matcher !== "SFace") chooseMatcher("SFace");
  state.sides[side] = OWN;
  $("case").value = "";
  showChoices();
  await compare();
}

/** The learner's photographs among the choices, where there are any. */
function offerOwn() {
  for (const side of [0, 1]) {
    const select = $(`side-${side}`);
    select.querySelector(`[value=${OWN}]`)?.remove();
    if (state.own[side]) select.add(new Option(words.own_name, OWN));
  }
  $("forget").disabled = !state.own.some(Boolean);
}

/** Invented people in the place of the learner's photographs; whether there were any. */
function leaveOwn() {
  const shown = state.sides.includes(OWN);
  state.sides = state.sides.map((photo, side) =>
    photo === OWN ? data.cases[0][SIDES[side]] : photo,
  );
  return shown;
}

async function forget() {
  for (const own of state.own) {
    own?.picture.data.fill(0);
    own?.found?.chip.data.fill(0);
    own?.found?.template.fill(0);
  }
  state.own = [null, null];
  state.taken += 1;
  $("file").value = "";
  for (const select of document.querySelectorAll("#consent select")) select.value = "";
  offerOwn();
  consentSaid();
  say("own-said", words.forgotten);
  if (!leaveOwn()) return;
  showChoices();
  await compare();
}

function listenForFiles() {
  $("file").addEventListener("change", () => takeIn($("file").files[0]));
  $("forget").addEventListener("click", forget);
  for (const select of document.querySelectorAll("#consent select")) {
    select.addEventListener("change", consentSaid);
  }
  // A file dropped beside its place would otherwise be opened instead of this page.
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => event.preventDefault());
  }
  document.addEventListener("drop", (event) => takeIn(event.dataTransfer?.files[0]));
  globalThis.addEventListener("pagehide", () => state.own.some(Boolean) && forget());
}

// ---- begin --------------------------------------------------------------------------------------

function wire() {
  if (!$("bring")) return; // the site was built without the matcher
  $("bring").addEventListener("click", begin);
  $("bring").disabled = false;
  $("case").addEventListener("change", chooseCase);
  for (const side of [0, 1]) $(`side-${side}`).addEventListener("change", () => chooseSide(side));
  for (const radio of document.querySelectorAll("[name=matcher]")) {
    radio.addEventListener("change", () => {
      chooseMatcher(radio.value);
      showChoices();
      return compare();
    });
  }
  $("threshold").addEventListener("input", () => moveTo(Number($("threshold").value)));
  const theme = globalThis.matchMedia("(prefers-color-scheme: dark)");
  theme.addEventListener("change", () => state.networks && compare());
  listenForFiles();
  chooseMatcher(state.matcher);
  showChoices();
  consentSaid();
}

globalThis.labMatch = {
  put,
  // For tests: the same functions that the page runs.
  tried: { bytes: binary, data, state, described, read, shipped, templateOf, townTemplate },
};
wire();
