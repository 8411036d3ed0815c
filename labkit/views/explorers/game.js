// The game: pairs of pictures or of facts; answers go to Python, nothing is judged until the end.

function asBase64(bytes) {
  let text = "";
  for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  return btoa(text);
}

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const m = d.meta;
  const n = m.truth.length;
  const told = m.texts.some((list) => list.length > 0);
  const root = frame(el, "The game: the same person, or not?");
  const places = [0];
  m.sizes.forEach((size) => places.push(places[places.length - 1] + size));
  const uri = (k) => `data:image/webp;base64,${asBase64(d.pictures.subarray(places[k], places[k + 1]))}`;
  const words = { same: "the same person", different: "different people", "": "no answer" };

  const at = () => { const open = model.get("answers").indexOf(""); return open < 0 ? n : open; };
  const save = () => model.save_changes();
  function answer(value) {
    const k = at();
    if (k >= n) return;
    const answers = [...model.get("answers")];
    answers[k] = value;
    model.set("answers", answers);
    save();
  }
  function back() {
    const k = at();
    if (k === 0) return;
    const answers = [...model.get("answers")];
    answers[k - 1] = "";
    model.set("answers", answers);
    save();
  }

  const progress = h("progress", { max: n, value: 0, "aria-label": "Pairs answered" });
  const heading = h("p", { class: "lx-title", "data-lx": "progress" });
  const stage = h("div");
  const same = h("button", { type: "button", class: "lx-big", onclick: () => answer("same") }, ["Same person", h("kbd", {}, "S")]);
  const different = h("button", { type: "button", class: "lx-big", onclick: () => answer("different") }, ["Different people", h("kbd", {}, "D")]);
  const undo = h("button", { type: "button", onclick: back }, "One pair back");
  const again = h("button", { type: "button", onclick: () => { model.set("answers", m.truth.map(() => "")); save(); same.focus(); } }, "Start again");
  const facts = tick("Facts instead of pictures (can be read aloud)", model.get("in_facts"), (on) => { model.set("in_facts", on); save(); });
  const live = announcer();
  const buttons = h("div", { class: "lx-controls" }, [same, different]);
  root.append(heading, progress, live.node, stage, buttons,
    h("div", { class: "lx-controls" }, [undo, again, told ? facts.field : null]),
    h("p", { class: "lx-note" }, "Keys, while something in this game has the focus: S for the same person, D for different people. Nothing says right or wrong until the last pair."));

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") return;
    const value = { s: "same", d: "different" }[event.key.toLowerCase()];
    if (!value || event.repeat) return;
    event.preventDefault();
    event.stopPropagation();
    answer(value);
  });

  const picture = (k, text) => h("img", { src: uri(k), alt: text, width: 160, height: 160 });
  function showPair(k) {
    if (model.get("in_facts")) {
      stage.replaceChildren(h("p", {}, `Facts about the two photographs of pair ${k + 1}: first photograph, then second.`),
        h("ul", { "data-lx": "facts" }, m.texts[k].map((text) => h("li", {}, text))));
    } else {
      stage.replaceChildren(h("div", { class: "lx-pictures" }, [
        picture(2 * k, `Pair ${k + 1}, first photograph: an invented face`), picture(2 * k + 1, `Pair ${k + 1}, second photograph: an invented face`)]));
    }
  }

  const list = table("Your answers", ["Pair", "photographs", "your answer", "the pair shows", "right"]);
  function showEnd(answers) {
    list.fill(answers.map((value, k) => ({ cells: [`${k + 1}`,
      h("span", { class: "lx-small" }, [picture(2 * k, `first of pair ${k + 1}`), " ", picture(2 * k + 1, `second of pair ${k + 1}`)]),
      words[value], words[m.truth[k] ? "same" : "different"], (value === "same") === m.truth[k] ? "right" : "not right"] })));
    stage.replaceChildren(list.node);
  }
  function result(answers) {
    const good = (kind) => answers.filter((a, k) => m.truth[k] === kind && (a === "same") === kind).length;
    const mated = m.truth.filter(Boolean).length;
    return `All ${n} pairs answered: ${good(true) + good(false)} of ${n} answers are right (${good(true)} of ${mated} pairs of one person, ${good(false)} of ${n - mated} pairs of two people). ${n} pairs cannot rank anyone: a second ${n} would give another count.`;
  }

  function update() {
    const answers = model.get("answers"), k = at(), done = k >= n;
    progress.value = Math.min(k, n);
    heading.textContent = done ? `All ${n} pairs answered` : `Pair ${k + 1} of ${n}`;
    facts.box.checked = model.get("in_facts");
    same.disabled = different.disabled = done;
    undo.disabled = k === 0;
    if (done) {
      showEnd(answers);
      live.say(result(answers));
      if (root.contains(document.activeElement) || document.activeElement === document.body) again.focus();
      return;
    }
    showPair(k);
    const before = k ? `Kept: pair ${k}, ${words[answers[k - 1]]}. ` : "";
    const aloud = model.get("in_facts") ? ` ${m.texts[k].join(" ")}` : "";
    live.say(`${before}Pair ${k + 1} of ${n}: the same person, or not?${aloud}`);
  }
  update();
  const events = ["change:answers", "change:in_facts"];
  events.forEach((event) => model.on(event, update));
  return () => events.forEach((event) => model.off(event, update));
}

export default { render };
