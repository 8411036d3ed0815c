// Group explorer: errors by person are counted here, at the threshold where the slider stands.

function render({ model, el }) {
  const d = unpack(model.get("data"));
  const m = d.meta;
  const root = frame(el, "Groups explorer");
  const slider = h("input", { type: "range", min: 0, step: 1, oninput: () => model.set("step", +slider.value) });
  const save = () => model.save_changes();
  slider.addEventListener("change", save);

  // ---- what was chosen
  const now = () => {
    const k = Math.max(m.matchers.indexOf(model.get("matcher")), 0);
    const g = Math.max(m.groupings.indexOf(model.get("grouping")), 0);
    const about = m.described[k], list = about.list;
    const part = (name, of = k) => d[`${of} ${name}`];
    const thresholds = part("thresholds");
    const step = Math.min(model.get("step"), thresholds.length - 1);
    return { k, g, about, list, part, thresholds, step, rate: model.get("rate"), names: m.names[g], group: d[`group ${g}`],
      t: thresholds[step], fmr: part("false")[step] / about.impostor };
  };

  // ---- rates of every group
  function impostorsWithin(c, step) {
    const size = c.names.length, people = c.group.length;
    const images = c.part("images"), failed = c.part("failed");
    const first = c.part("first", c.list), second = c.part("second", c.list), many = c.part("many", c.list), last = c.part("last", c.list);
    const byError = new Float64Array(people), errors = new Float64Array(size), errorPairs = new Float64Array(size);
    let at = 0;
    for (let k = 0; k < first.length; k += 1) {
      const g = c.group[first[k]];
      const end = at + many[k];
      if (g !== c.group[second[k]]) { at = end; continue; }
      let wrong = 0;
      for (; at < end; at += 1) if (last[at] >= step) wrong += 1;
      if (!wrong) continue;
      errors[g] += wrong;
      errorPairs[g] += 1;
      byError[first[k]] += wrong;
      byError[second[k]] += wrong;
    }
    return c.names.map((_, g) => {
      const members = [];
      let sum = 0, squares = 0;
      for (let p = 0; p < people; p += 1) {
        const usable = images[p] - failed[p];
        if (c.group[p] !== g) continue;
        if (usable) members.push(p);
        sum += usable;
        squares += usable * usable;
      }
      const n = members.length;
      return fmrInterval({
        errors: errors[g], trials: (sum * sum - squares) / 2, errorPairs: errorPairs[g], personPairs: (n * (n - 1)) / 2,
        byError: members.map((p) => byError[p]),
        byTrial: members.map((p) => (images[p] - failed[p]) * (sum - images[p] + failed[p])),
      });
    });
  }
  const what = { FNMR: "misses", "false rejection": "false rejections", FTA: "failures" };
  function clusters(c, step) {
    const people = c.group.length, missed = c.part("missed").subarray(step * people, (step + 1) * people);
    const made = c.part("made"), planned = c.part("planned"), images = c.part("images"), failed = c.part("failed");
    const errorOf = { FNMR: (p) => missed[p], "false rejection": (p) => missed[p] + planned[p] - made[p], FTA: (p) => failed[p] }[c.rate];
    const trialOf = { FNMR: (p) => made[p], "false rejection": (p) => planned[p], FTA: (p) => images[p] }[c.rate];
    return c.names.map((_, g) => {
      const errors = [], trials = [];
      for (let p = 0; p < people; p += 1) if (c.group[p] === g) { errors.push(errorOf(p)); trials.push(trialOf(p)); }
      return clusterInterval(errors, trials, what[c.rate]);
    });
  }
  const rows = (c) => (c.rate === "FMR" ? impostorsWithin(c, c.step) : clusters(c, c.step));
  const peopleIn = (c) => c.names.map((_, g) => c.group.reduce((n, x) => n + (x === g), 0));
  // The lowest FMR a group can show from 30 pairs of people; found once for a matcher and grouping.
  const floors = new Map();
  function floorsOf(c) {
    const key = `${c.list} ${c.g}`;
    if (!floors.has(key)) {
      const found = c.names.map(() => null);
      let low = c.names.map(() => 0), high = c.names.map(() => c.thresholds.length - 1);
      // Pairs of people only fall as the threshold rises: halve the range until it closes.
      for (let turn = 0; turn < 9; turn += 1) {
        const seen = new Map();
        c.names.forEach((_, g) => {
          const middle = Math.ceil((low[g] + high[g]) / 2);
          if (!seen.has(middle)) seen.set(middle, impostorsWithin(c, middle));
          const row = seen.get(middle)[g];
          if (row.errorPairs >= 30) { low[g] = middle; found[g] = row.value; } else high[g] = Math.max(middle - 1, low[g]);
        });
      }
      floors.set(key, found);
    }
    return floors.get(key);
  }

  // ---- controls
  const change = (name) => (value) => {
    if (name === "matcher") {
      const before = now();
      model.set("matcher", value);
      model.set("step", alike(before, now()));
    } else model.set(name, value);
    save();
  };
  // The other matcher has other scores: keep the FMR, or the threshold that was asked for.
  function alike(before, after) {
    const exact = (c) => (c.about.exact.length ? nearest(c.thresholds, c.about.exact[0]) : -1);
    if (before.step === exact(before) && exact(after) >= 0) return exact(after);
    return nearest(Array.from(after.part("false"), (n) => Math.log(n / after.about.impostor)), Math.log(before.fmr));
  }
  function nearest(list, value) {
    let best = 0;
    list.forEach((x, k) => { if (Math.abs(x - value) < Math.abs(list[best] - value)) best = k; });
    return best;
  }
  const matcher = chooser("Matcher", m.matchers.map((x) => [x, x]), model.get("matcher"), change("matcher"));
  const grouping = chooser("Groups", m.groupings.map((x) => [x, x]), model.get("grouping"), change("grouping"));
  const long = { FMR: "FMR: strangers matched", FNMR: "FNMR: mated pairs missed", "false rejection": "false rejection: missed or failed", FTA: "FTA: no usable face" };
  const rate = chooser("Rate", m.rates.map((x) => [x, long[x]]), model.get("rate"), change("rate"));
  const live = announcer();

  // ---- words
  const asked = (c, r) => (r.words ? r.words : (c.rate === "FMR"
    ? `${oneIn(r.value)}, interval ${oneIn(r.low)} to ${oneIn(r.high)}`
    : `${inHundred(r.value)}, interval ${significant(100 * r.low, 3)} to ${significant(100 * r.high, 3)}`));
  function sentence(c, found) {
    const where = `${m.matchers[c.k]} at threshold ${c.t.toFixed(4)} (FMR of all pairs ${oneIn(c.fmr)})`;
    const each = c.names.map((name, g) => {
      const r = found[g];
      return `${name}: ${asked(c, r)}${r.words ? "" : ` (${count(r.errors)} of ${count(r.trials)})`}`;
    });
    let mean = "";
    if (c.rate === "FMR") mean = ` Mean of the groups' FMRs: ${oneIn(found.reduce((a, r) => a + r.value, 0) / found.length)}.`;
    return `${where}: ${c.rate} by ${m.groupings[c.g]}: ${each.join("; ")}.${mean}`;
  }

  // ---- the picture
  const holder = h("div");
  function drawRows(width) {
    const c = now(), found = rows(c), log = c.rate === "FMR";
    const narrow = width < 520, label = narrow ? 0 : Math.min(190, 20 + 7 * Math.max(...c.names.map((x) => x.length)));
    const pitch = narrow ? 48 : 36, left = label + 12, right = width - 16, top = 14;
    const base = top + c.names.length * pitch, height = base + 42;
    let x, ticks, tickName;
    const marks = log ? floorsOf(c) : c.names.map(() => null);
    if (log) {
      const known = marks.filter((v) => v);
      const domain = [Math.min(1e-3, ...known.map((v) => v / 3)), 0.3];
      x = logarithmic(domain[0], domain[1], left, right);
      ticks = tens(domain[0], domain[1]); tickName = tenName;
    } else {
      const most = c.rate === "FTA" ? 0.02 : 0.25;
      const top_ = Math.min(1, Math.max(most, ...found.map((r) => (r.high > 0 ? r.high : r.value) * 1.15 || 0)));
      const nice = niceTicks(0, top_, width / 110);
      x = linear(0, top_, left, right);
      ticks = nice.ticks; tickName = (v) => `${(100 * v).toFixed(Math.max(0, nice.places - 2))} of 100`;
    }
    const svg = s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": `${c.rate} of ${c.names.length} groups as dots with intervals. The table has the same numbers.` });
    axisBelow(svg, { left, right, y: base, top, ticks, name: tickName, at: x, title: log ? ["FMR within the group (each step is ten times)", "FMR, steps of ten times"] : long[c.rate] });
    c.names.forEach((name, g) => {
      const r = found[g], y = top + (g + (narrow ? 0.68 : 0.5)) * pitch, quiet = r.words ? "lx-quiet" : null;
      svg.append(s("text", narrow ? { class: quiet, x: left, y: y - 14, "font-weight": 600 } : { class: quiet, x: label, y: y + 4, "text-anchor": "end", "font-weight": 600 }, name));
      if (marks[g]) svg.append(s("path", { d: `M${x(marks[g])},${y - 9}V${y + 9}`, stroke: "var(--lx-quiet)", "stroke-width": 2, "stroke-dasharray": "2 2" }));
      if (!Number.isFinite(r.value)) { svg.append(s("text", { class: "lx-quiet", x: left + 6, y: y + 4 }, r.words)); return; }
      const at = log && !r.value ? left : x(r.value);
      if (!r.words) {
        const a = x(r.low), b = x(r.high);
        svg.append(s("path", { d: `M${a},${y - 5}V${y + 5}M${b},${y - 5}V${y + 5}M${a},${y}H${b}`, fill: "none", stroke: "var(--lx-a)", "stroke-width": 2 }));
        svg.append(s("circle", { cx: at, cy: y, r: 5.5, fill: "var(--lx-ink)" }));
      } else {
        svg.append(s("circle", { cx: at, cy: y, r: 5, fill: "var(--lx-paper)", stroke: "var(--lx-quiet)", "stroke-width": 1.5, "stroke-dasharray": "2 2" }));
        const text = "too few: see the table", right_ = at + 12 + guess(text) > right;
        svg.append(s("text", { class: "lx-quiet", "font-style": "italic", x: right_ ? at - 10 : at + 10, y: y + 4, "text-anchor": right_ ? "end" : "start" }, text));
      }
    });
    holder.replaceChildren(svg);
  }

  // ---- the table
  const columns = ["Group", "people", "errors", "of", "rate", "interval by people, 95%", "errors from", "lowest FMR it can show"];
  const rates = table("", columns);

  root.append(
    h("p", { class: "lx-title lx-name" }, "Who is failed, at one threshold for everybody"),
    h("div", { class: "lx-controls" }, [matcher.field, grouping.field, rate.field,
      field("Threshold (arrow keys: one step; right: stricter)", slider, true)]),
    live.node,
    h("figure", {}, [holder, h("figcaption", {}, "Dot: the rate. Line with ends: interval by people. Hollow dashed dot: too few errors for a rate, said in words. Short dashed upright line (FMR): the lowest FMR this group can show, from 30 pairs of people.")]),
    rates.node);

  const view = fitted(holder, drawRows);
  function update() {
    const c = now(), found = rows(c), people = peopleIn(c), marks = c.rate === "FMR" ? floorsOf(c) : null;
    matcher.select.value = m.matchers[c.k];
    grouping.select.value = m.groupings[c.g];
    rate.select.value = c.rate;
    slider.max = c.thresholds.length - 1;
    slider.value = c.step;
    slider.setAttribute("aria-valuetext", `threshold ${c.t.toFixed(4)}, FMR of all pairs ${oneIn(c.fmr)}`);
    live.say(sentence(c, found));
    rates.caption.textContent = `${m.matchers[c.k]}, ${c.rate} by ${m.groupings[c.g]} at threshold ${c.t.toFixed(4)}`;
    rates.fill(c.names.map((name, g) => {
      const r = found[g];
      return {
        kind: r.words ? "lx-thin" : null,
        full: { value: r.value, low: r.low, high: r.high },
        cells: [name, count(people[g]), count(r.errors ?? 0), count(r.trials ?? 0), Number.isFinite(r.value) ? significant(r.value) : "none",
          r.words || range(r.low, r.high),
          c.rate === "FMR" ? `${plural(r.errorPairs, "pair")} of people` : plural(r.erring ?? 0, "person", "people"),
          marks ? (marks[g] ? oneIn(marks[g]) : "not on this slider") : "for FMR only"],
      };
    }));
    view.again();
  }
  update();
  const events = ["change:matcher", "change:grouping", "change:rate", "change:step"];
  events.forEach((event) => model.on(event, update));
  return () => { view.stop(); events.forEach((event) => model.off(event, update)); };
}

export default { render };
