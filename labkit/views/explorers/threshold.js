// Threshold explorer: what is counted comes from Python, this file shows it.

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const m = d.meta;
  const root = frame(el, "Threshold explorer");
  const last = d.thresholds.length - 1;
  const letters = m.marks.map((_, k) => String.fromCharCode(65 + k));
  const digits = Math.max(3, 2 - Math.floor(Math.log10((d.thresholds[last] - d.thresholds[0]) / last || 1)));
  const name = (k) => d.thresholds[k].toFixed(Math.min(digits, 6));
  const fmr = (k) => d.false[k] / m.impostor;
  const fnmr = (k) => d.missed[k] / m.mated;

  // ---- controls
  const slider = h("input", { type: "range", min: 0, max: last, step: 1, oninput: () => move(+slider.value) });
  const save = () => model.save_changes();
  slider.addEventListener("change", save);
  const move = (k) => { model.set("step", k); };
  const jumps = m.marks.map(([text, k], i) => h("button", { type: "button", onclick: () => { move(k); save(); } },
    `${letters[i]}: ${text} (${name(k)}, FMR ${oneIn(fmr(k))})`));
  const tall = tick("Stretch small counts (height = logarithm of the count)", model.get("log_heights"),
    (on) => { model.set("log_heights", on); save(); });
  const live = announcer();

  // ---- what the threshold means, in words and as a table
  const few = (k) => (m.floor < 0 || k > m.floor);
  function sentence(k) {
    const wrong = `At threshold ${name(k)}: ${count(d.false[k])} of ${count(m.impostor)} impostor comparisons match: FMR ${oneIn(fmr(k))}`;
    const who = d.false[k] ? ` (from ${count(d.person_pairs[k])} of ${count(m.all_person_pairs)} pairs of people; ${count(d.people[k])} of ${count(m.people)} people are confused with someone)` : "";
    const within = d.within ? ` Within the same group the mean FMR is ${oneIn(d.within[k])}.` : "";
    const missed = `; ${inHundred(fnmr(k))} mated pairs are missed (${count(d.missed[k])} of ${count(m.mated)}).`;
    const thin = few(k) ? ` These false matches come from fewer than 30 pairs of people: this set of people is too small to set an FMR this low.` : "";
    return wrong + who + missed + within + thin;
  }
  const columns = ["Threshold at", "threshold", "FMR", "false matches", "from pairs of people", ...(d.within ? ["mean FMR within groups"] : []), "FNMR", "misses"];
  const rates = table(`Errors; false matches are of ${count(m.impostor)} impostor comparisons of ${count(m.people)} people, misses of ${count(m.mated)} mated pairs.`, columns);
  const row = (text, k, kind) => ({
    kind,
    full: { step: k, threshold: d.thresholds[k], fmr: fmr(k), fnmr: fnmr(k) },
    cells: [text, name(k), `${oneIn(fmr(k))} (${significant(fmr(k))})`, count(d.false[k]), count(d.person_pairs[k]),
      ...(d.within ? [oneIn(d.within[k])] : []), `${inHundred(fnmr(k))}`, count(d.missed[k])],
  });

  // ---- pictures
  const heaps = h("div"), trade = h("div");
  const ids = { a: fresh("a"), b: fresh("b"), c: fresh("c"), low: fresh("low"), high: fresh("high") };

  function drawHeaps(width) {
    const height = 330, left = 10, right = width - 10, top = 46, base = height - 44, middle = (top + base) / 2;
    const edges = d.edges, bins = d.genuine.length;
    const x = linear(edges[0], edges[bins], left, right);
    const shape = (n, most) => (model.get("log_heights") ? Math.log1p(n) / Math.log1p(most) : n / most);
    const reach = (base - top) / 2 - 18;
    const cut = Math.min(Math.max(x(d.thresholds[model.get("step")]), left), right);
    const svg = s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": `Two heaps of scores on one axis from ${edges[0].toFixed(2)} to ${edges[bins].toFixed(2)}: mated pairs above, impostor comparisons below. The tables have the same numbers.` });
    svg.append(s("defs", {}, [stripes(ids.a, "var(--lx-a)", 45), stripes(ids.b, "var(--lx-b)", -45),
      s("clipPath", { id: ids.low }, s("rect", { x: 0, y: 0, width: cut, height })),
      s("clipPath", { id: ids.high }, s("rect", { x: cut, y: 0, width: Math.max(width - cut, 0), height }))]));
    const up = Math.max(...d.genuine), down = Math.max(...d.impostors);
    const outline = (counts, most, sign) => {
      const points = [`M${x(edges[0])},${middle}`];
      for (let k = 0; k < bins; k += 1) {
        const y = middle - sign * reach * shape(counts[k], most);
        points.push(`L${x(edges[k]).toFixed(1)},${y.toFixed(1)}L${x(edges[k + 1]).toFixed(1)},${y.toFixed(1)}`);
      }
      return `${points.join("")}L${x(edges[bins])},${middle}Z`;
    };
    axisBelow(svg, { left, right, y: base, title: [m.score, "score (further right: more alike)", "score"],
      at: x, ...named(niceTicks(edges[0], edges[bins], width / 64)) });
    for (const [counts, most, sign, colour, id, side] of [
      [d.genuine, up, 1, "var(--lx-a)", ids.a, ids.low], [d.impostors, down, -1, "var(--lx-b)", ids.b, ids.high]]) {
      const path = outline(counts, most, sign);
      svg.append(s("path", { d: path, fill: colour, "fill-opacity": 0.22, stroke: colour, "stroke-width": 1 }));
      svg.append(s("path", { d: path, fill: `url(#${id})`, stroke: colour, "stroke-width": 1.5, "clip-path": `url(#${side})` }));
    }
    svg.append(s("line", { class: "lx-axis", x1: left, x2: right, y1: middle, y2: middle }));
    svg.append(s("text", { x: left, y: top + 6 }, `mated pairs: ${count(m.mated)}`));
    svg.append(s("text", { x: left, y: base - 8 }, `impostor comparisons: ${count(m.impostor)}`));
    m.marks.forEach(([, k], i) => {
      const at = x(d.thresholds[k]);
      if (at < left || at > right) return;
      svg.append(s("line", { x1: at, x2: at, y1: top + 14, y2: base, stroke: "var(--lx-quiet)", "stroke-width": 1.5, "stroke-dasharray": "2 4" }));
      svg.append(s("text", { x: at, y: middle - 3, class: "lx-halo", "text-anchor": "middle", "font-weight": 700 }, letters[i]));
    });
    svg.append(s("line", { x1: cut, x2: cut, y1: 24, y2: base, stroke: "var(--lx-ink)", "stroke-width": 2.5 }));
    const label = `threshold ${name(model.get("step"))}`, half = guess(label) / 2;
    svg.append(s("text", { x: Math.min(Math.max(cut, left + half), right - half), y: 16, "text-anchor": "middle", "font-weight": 700 }, label));
    if (right - cut > 60) svg.append(s("text", { x: cut + 6, y: 34 }, "match \u2192"));
    if (cut - left > 70) svg.append(s("text", { x: cut - 6, y: 34, "text-anchor": "end" }, "\u2190 no match"));
    heaps.replaceChildren(svg);
  }
  const named = ({ ticks, places }) => ({ ticks, name: (v) => v.toFixed(places) });

  function drawTrade(width) {
    const height = 280, left = 52, right = width - 14, top = 14, base = height - 44;
    const lowest = 10 ** Math.floor(Math.log10(1 / m.impostor));
    const x = logarithmic(lowest, 1, left, right), y = linear(0, 1, base, top);
    const svg = s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": "FNMR against FMR on a logarithmic axis: one curve, a dot where the slider stands, letters at the marked thresholds. The table has the same numbers." });
    svg.append(s("defs", {}, [stripes(ids.c, "var(--lx-faint)", 45)]));
    if (m.floor >= 0) {
      const at = x(fmr(m.floor));
      svg.append(s("rect", { x: left, y: top, width: at - left, height: base - top, fill: `url(#${ids.c})` }));
      svg.append(s("line", { x1: at, x2: at, y1: top, y2: base, stroke: "var(--lx-quiet)", "stroke-width": 1.5, "stroke-dasharray": "6 3" }));
      const text = `floor: FMR ${oneIn(fmr(m.floor))},`;
      // Above or below the curve, where there is room.
      const end = d.false.findLastIndex((n) => n > 0 && x(n / m.impostor) > at + 5 + guess(text));
      const line = end >= 0 && fnmr(end) > 0.3 ? base - 22 : top + 12;
      svg.append(s("text", { x: at + 5, y: line, class: "lx-halo" }, text));
      svg.append(s("text", { x: at + 5, y: line + 15, class: "lx-halo" }, "30 pairs of people"));
    }
    for (const v of [0, 0.25, 0.5, 0.75, 1]) {
      svg.append(s("line", { class: v ? "lx-grid" : "lx-axis", x1: left, x2: right, y1: y(v), y2: y(v) }));
      svg.append(s("text", { x: left - 6, y: y(v) + 4, "text-anchor": "end" }, `${100 * v}%`));
    }
    svg.append(s("text", { class: "lx-quiet", x: 12, y: (top + base) / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${(top + base) / 2})` }, "missed (FNMR)"));
    axisBelow(svg, { left, right, y: base, ticks: tens(lowest, 1), name: tenName, at: x, title: ["false matches (FMR; each step is ten times)", "false matches (FMR), steps of ten times"] });
    let path = "";
    for (let k = 0; k <= last; k += 1) if (d.false[k]) path += `${path ? "L" : "M"}${x(fmr(k)).toFixed(1)},${y(fnmr(k)).toFixed(1)}`;
    svg.append(s("path", { d: path, fill: "none", stroke: "var(--lx-a)", "stroke-width": 2 }));
    m.marks.forEach(([, k], i) => {
      const cx = x(fmr(k)), cy = y(fnmr(k));
      svg.append(s("path", { d: `M${cx - 5},${cy}L${cx},${cy - 5}L${cx + 5},${cy}L${cx},${cy + 5}Z`, fill: "var(--lx-paper)", stroke: "var(--lx-ink)", "stroke-width": 1.5 }));
      svg.append(s("text", { x: cx, y: cy - 9, "text-anchor": "middle", "font-weight": 700 }, letters[i]));
    });
    const k = model.get("step");
    svg.append(s("circle", { cx: x(fmr(k)), cy: y(fnmr(k)), r: 6.5, fill: "var(--lx-ink)", stroke: "var(--lx-paper)", "stroke-width": 2 }));
    trade.replaceChildren(svg);
  }

  // ---- the counts behind the heaps
  const bins = table("How many scores lie in each range (from is included, to is not).", ["from ... to", "mated pairs", "impostor comparisons"]);
  const each = 4;
  const rows = [];
  for (let k = 0; k < d.genuine.length; k += each) {
    const sum = (counts) => counts.slice(k, k + each).reduce((a, b) => a + b, 0);
    rows.push({ cells: [`${d.edges[k].toFixed(3)} ... ${d.edges[k + each].toFixed(3)}`, count(sum(d.genuine)), count(sum(d.impostors))] });
  }
  bins.fill(rows);

  root.append(
    h("p", { class: "lx-title lx-name" }, "One threshold, two kinds of error"),
    h("div", { class: "lx-controls" }, [
      field("Threshold: a score at or above it counts as a match (arrow keys: one step)", slider, true),
      m.marks.length ? h("div", { class: "lx-controls lx-wide", role: "group", "aria-label": "Go to a marked threshold" }, [h("span", {}, "Go to"), ...jumps]) : null, tall.field]),
    live.node,
    h("figure", {}, [heaps, h("figcaption", {}, "Each heap has its own height: there are far more impostor comparisons than mated pairs. Striped: errors. Above, mated pairs left of the threshold are missed; below, impostor comparisons right of it are false matches.")]),
    h("figure", {}, [trade, h("figcaption", {}, "The large dot is where the slider stands. Left of the floor the false matches come from too few pairs of people to set a threshold by.")]),
    folded("The same as a table", rates.node, true),
    folded("The heaps as a table", bins.node));

  const views = [fitted(heaps, drawHeaps), fitted(trade, drawTrade)];
  function update() {
    const k = model.get("step");
    slider.value = k;
    slider.setAttribute("aria-valuetext", `threshold ${name(k)}, FMR ${oneIn(fmr(k))}`);
    tall.box.checked = model.get("log_heights");
    live.say(sentence(k));
    rates.fill([row("the slider", k, "lx-now"), ...m.marks.map(([text, at], i) => row(`${letters[i]}: ${text}`, at)),
      ...(m.floor < 0 ? [] : [row("the floor (30 pairs of people)", m.floor)])]);
    views.forEach((view) => view.again());
  }
  update();
  model.on("change:step", update);
  model.on("change:log_heights", update);
  return () => { views.forEach((view) => view.stop()); model.off("change:step", update); model.off("change:log_heights", update); };
}

export default { render };
