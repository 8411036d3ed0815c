// Redrawing explorer: another n people, again and again.

// xorshift32 (Marsaglia 2003); labkit.views.explorers.drawn_people does the same in Python.
function step32(state) {
  let x = state >>> 0;
  x = (x ^ (x << 13)) >>> 0;
  x = (x ^ (x >>> 17)) >>> 0;
  return (x ^ (x << 5)) >>> 0;
}

function drawPeople(total, n, index, seed) {
  let state = (Math.imul(seed, 2654435761) + Math.imul(n, 40503) + Math.imul(index, 2246822519) + 1) >>> 0 || 1;
  for (let k = 0; k < 8; k += 1) state = step32(state);
  const places = Array.from({ length: total }, (_, k) => k);
  for (let k = 0; k < n; k += 1) {
    state = step32(state);
    const other = k + Math.floor((state / 2 ** 32) * (total - k));
    [places[k], places[other]] = [places[other], places[k]];
  }
  return places.slice(0, n);
}

// False matches and comparisons of the people drawn, in all and for each of them.
function countDraw(d, people) {
  const at = new Int32Array(d.images.length).fill(-1);
  people.forEach((p, k) => { at[p] = k; });
  const n = people.length;
  const byError = new Float64Array(n), byTrial = new Float64Array(n);
  let images = 0, squares = 0, errors = 0, errorPairs = 0;
  for (const p of people) { images += d.images[p]; squares += d.images[p] ** 2; }
  people.forEach((p, k) => { byTrial[k] = d.images[p] * (images - d.images[p]); });
  for (let k = 0; k < d.first.length; k += 1) {
    const a = at[d.first[k]], b = at[d.second[k]];
    if (a < 0 || b < 0) continue;
    errors += d.many[k];
    errorPairs += 1;
    byError[a] += d.many[k];
    byError[b] += d.many[k];
  }
  return { errors, trials: (images * images - squares) / 2, errorPairs, personPairs: (n * (n - 1)) / 2, byError, byTrial };
}

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const m = d.meta;
  const root = frame(el, "What if we had met other people?");
  const everybody = countDraw(d, Array.from(d.images, (_, k) => k));
  const town = everybody.errors / everybody.trials;
  const kept = new Map();
  const holds = (i) => i.low <= town && town <= i.high;

  function draw(n, index) {
    const key = `${model.get("seed")} ${n} ${index}`;
    if (!kept.has(key)) {
      const c = countDraw(d, drawPeople(m.people, n, index, model.get("seed")));
      const person = fmrInterval(c);
      kept.set(key, { ...c, pair: wilson(c.errors, c.trials), person, rate: c.errors / c.trials });
    }
    return kept.get(key);
  }
  const draws = (n) => Array.from({ length: model.get("drawn")[m.sizes.indexOf(n)] }, (_, k) => draw(n, k));

  // ---- controls
  const save = () => model.save_changes();
  const add = (more) => {
    const drawn = [...model.get("drawn")];
    const k = m.sizes.indexOf(model.get("people"));
    drawn[k] = Math.min(drawn[k] + more, m.most);
    model.set("drawn", drawn);
    save();
  };
  const size = chooser("People in a draw", m.sizes.map((n) => [n, `${n} of ${m.people}`]), model.get("people"),
    (n) => { model.set("people", +n); save(); });
  const one = h("button", { type: "button", onclick: () => add(1) });
  const twenty = h("button", { type: "button", onclick: () => add(20) }, "20 more");
  const again = h("button", { type: "button", onclick: () => { model.set("drawn", m.sizes.map(() => 0)); save(); } }, "Start again");
  const live = announcer();

  // ---- words
  function score(list) {
    const shown = list.filter((x) => !x.person.words);
    return { n: list.length, pair: list.filter((x) => holds(x.pair)).length, person: shown.filter((x) => holds(x.person)).length, shown: shown.length };
  }
  const townWords = `The rate of the whole town (${count(m.people)} people) at threshold ${significant(m.threshold, 4)} is ${oneIn(town)} (${significant(town)}): ${count(everybody.errors)} of ${count(everybody.trials)} impostor comparisons, from ${count(everybody.errorPairs)} pairs of people.`;
  function sentence() {
    const n = model.get("people"), list = draws(n);
    if (!list.length) return `No draw of ${n} people yet.`;
    const x = list[list.length - 1], c = score(list);
    const person = x.person.words ? `no person interval (${x.person.words})` : `person interval ${range(x.person.low, x.person.high)}`;
    const few = c.n - c.shown ? ` (${plural(c.n - c.shown, "draw")} had too few errors for one)` : "";
    return `Draw ${c.n} of ${n} people: ${count(x.errors)} of ${count(x.trials)} impostor comparisons match, FMR ${oneIn(x.rate)} (${significant(x.rate)}); pair interval ${range(x.pair.low, x.pair.high)}, ${person}. `
      + `Of ${plural(c.n, "draw")} of ${n} people, the pair interval held the whole town's rate in ${c.pair}, the person interval in ${c.person}${few}.`;
  }
  const note = h("p", { class: "lx-note" });
  function overlap() {
    const n = model.get("people"), shared = (n * n) / m.people;
    const tail = n / m.people >= 0.25
      ? " Draws this large from a town this small are more alike than draws from a large town would be, so the person interval holds the town's rate more often here than 95 times in 100."
      : "";
    note.textContent = `Each draw takes ${n} of the ${m.people} people, nobody twice. Two draws have about ${count(shared)} people in common.${tail}`;
  }

  // ---- the picture
  const holder = h("div");
  let domain = null;
  function bounds(list) {
    const values = [town, ...list.flatMap((x) => [x.rate, x.pair.low, x.person.low, x.pair.high, x.person.high])].filter((v) => v > 0);
    const floor = m.floors[m.sizes.indexOf(model.get("people"))];
    if (floor && floor > Math.min(...values) / 4) values.push(floor);
    const low = Math.min(...values, town / 8), high = Math.max(...values, town * 8);
    return [low / 1.15, Math.min(high * 1.15, 1)];
  }
  function drawDots(width) {
    const n = model.get("people"), list = draws(n);
    const pitch = list.length > 60 ? Math.max(5, 900 / list.length) : 15;
    const left = 34, right = width - 16, top = 26, base = top + Math.max(list.length, 6) * pitch + 22, height = base + 40;
    domain = bounds(list);
    const x = logarithmic(domain[0], domain[1], left, right);
    const svg = s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": `${plural(list.length, "draw")} of ${n} people as dots with two intervals each, on a logarithmic axis of FMR, and a line at the whole town's rate. The table has the same numbers.` });
    axisBelow(svg, { left, right, y: base, top, ticks: steps(domain[0], domain[1]), at: x, name: oneIn, title: ["FMR of the draw (logarithmic: equal steps multiply)", "FMR of the draw (logarithmic)"] });
    const floor = m.floors[m.sizes.indexOf(n)];
    if (floor) {
      const seen = floor >= domain[0], at = seen ? x(floor) : left;
      if (seen) svg.append(s("line", { x1: at, x2: at, y1: top, y2: base, stroke: "var(--lx-quiet)", "stroke-width": 1.5, "stroke-dasharray": "2 4" }));
      const text = `${seen ? "" : "\u2190 "}floor for ${n} people: ${oneIn(floor)}`, reach = guess(text) / 2;
      svg.append(s("text", { class: "lx-quiet lx-halo", x: Math.max(Math.min(at + reach + 5, right - reach), reach), y: base - 6, "text-anchor": "middle" }, text));
    }
    svg.append(s("line", { x1: x(town), x2: x(town), y1: top - 6, y2: base, stroke: "var(--lx-ink)", "stroke-width": 2, "stroke-dasharray": "7 4" }));
    const label = `whole town ${oneIn(town)}`, half = guess(label) / 2;
    svg.append(s("text", { x: Math.min(Math.max(x(town), half), width - half), y: 14, "text-anchor": "middle", "font-weight": 700 }, label));
    list.forEach((v, k) => {
      const y = top + (k + 0.5) * pitch + 3;
      if (!v.person.words) {
        const a = x(v.person.low), b = x(v.person.high);
        svg.append(s("path", { d: `M${a},${y - 4}V${y + 4}M${b},${y - 4}V${y + 4}M${a},${y}H${b}`, fill: "none", stroke: "var(--lx-a)", "stroke-width": 1.5 }));
        if (!holds(v.person)) svg.append(s("text", { x: b + 5, y: y + 4, fill: "var(--lx-a)" }, "\u2717"));
      }
      svg.append(s("line", { x1: x(v.pair.low), x2: x(v.pair.high), y1: y, y2: y, stroke: "var(--lx-b)", "stroke-width": Math.min(8, pitch - 1) }));
      if (v.rate > 0) svg.append(s("circle", { cx: x(v.rate), cy: y, r: Math.min(2.6, pitch / 2.5), fill: v.person.words ? "var(--lx-paper)" : "var(--lx-ink)", stroke: "var(--lx-ink)", "stroke-width": 1.2 }));
      else svg.append(s("text", { x: left + 4, y: y + 4, class: "lx-quiet" }, "no false match"));
      if (pitch >= 12 || k % 10 === 9 || k === list.length - 1) svg.append(s("text", { class: "lx-quiet", x: left - 8, y: y + 4, "text-anchor": "end" }, k + 1));
    });
    if (!list.length) svg.append(s("text", { class: "lx-quiet", x: left + 12, y: top + 40 }, "no draw yet"));
    holder.replaceChildren(svg);
  }

  // ---- tables
  const held = table("How many draws held the whole town's rate.", ["People in a draw", "draws", "pair interval held it", "person interval held it", "too few errors for one"]);
  const each = table("Every draw of this size.", ["Draw", "false matches", "comparisons", "from pairs of people", "FMR", "pair interval", "holds the town's rate", "person interval", "holds it"]);
  const yes = (i) => (i.words ? "not shown" : holds(i) ? "yes" : "no");

  root.append(
    h("p", { class: "lx-title lx-name" }, "What if we had met other people?"),
    h("p", {}, townWords),
    h("div", { class: "lx-controls" }, [size.field, one, twenty, again]),
    live.node, note,
    h("figure", {}, [holder, h("figcaption", {}, "A row is a draw. Dot: its FMR. Thick bar: the pair interval, which treats comparisons as independent. Thin line with ends: the person interval, which leaves out whole people; a cross marks one that misses the town's rate. Hollow dot: too few errors for a person interval. Floor: the FMR at which so many people would show about 30 confused pairs of people.")]),
    held.node,
    folded("Every draw as a table", h("div", { class: "lx-scroll", tabindex: 0, role: "region", "aria-label": "Every draw" }, each.node)));

  const view = fitted(holder, drawDots);
  function update() {
    const n = model.get("people"), list = draws(n);
    size.select.value = n;
    one.textContent = `Meet another ${n} people`;
    one.disabled = twenty.disabled = list.length >= m.most;
    live.say(sentence());
    overlap();
    held.fill(m.sizes.map((k) => {
      const c = score(draws(k));
      return { kind: k === n ? "lx-now" : null, cells: [`${k}`, count(c.n), count(c.pair), count(c.person), count(c.n - c.shown)] };
    }));
    each.fill(list.map((v, k) => ({ full: { value: v.rate, pairlow: v.pair.low, pairhigh: v.pair.high, low: v.person.low, high: v.person.high }, cells: [`${k + 1}`, count(v.errors), count(v.trials), count(v.errorPairs), significant(v.rate),
      range(v.pair.low, v.pair.high), yes(v.pair), v.person.words || range(v.person.low, v.person.high), yes(v.person)] })));
    view.again();
  }
  update();
  const events = ["change:people", "change:drawn", "change:seed"];
  events.forEach((event) => model.on(event, update));
  return () => { view.stop(); events.forEach((event) => model.off(event, update)); };
}

export default { render };
