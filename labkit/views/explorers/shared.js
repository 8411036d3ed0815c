// Shared by all explorers; put in front of each module when it is sent, so that an explorer is one
// file and nothing is fetched.  Plain JavaScript, no library.

// ---- data ---------------------------------------------------------------------------------------

const KINDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array, f8: Float64Array };

// One block of bytes: length of the header, header as JSON, then arrays at multiples of 8
// (places counted from the first array).
function unpack(view) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const arrays = {};
  const first = Math.ceil((4 + length) / 8) * 8;
  for (const [name, [kind, start, size]] of Object.entries(header.arrays)) {
    arrays[name] = new KINDS[kind](bytes.buffer, first + start, size);
  }
  return { meta: header.meta, ...arrays };
}

// ---- words and numbers --------------------------------------------------------------------------

const count = (n) => Math.round(n).toLocaleString("en");
const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many || one + "s"}`;

// A plain decimal number with so many significant digits, never "1e-7".
function significant(x, digits = 3) {
  if (!Number.isFinite(x)) return "";
  if (x === 0) return "0";
  const rounded = Number(x.toPrecision(digits));
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded)) + 1e-12));
  return rounded.toFixed(Math.min(places, 12));
}

// "1 in 120"; from a tenth up, "37 in 100".
function oneIn(rate) {
  if (!Number.isFinite(rate)) return "not known";
  if (rate === 0) return "0";
  if (rate >= 0.1) return `${significant(100 * rate, rate >= 0.995 ? 3 : 2)} in 100`;
  const whole = 1 / rate;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(whole)) - 2);
  return `1 in ${count(Math.round(whole / unit) * unit)}`;
}

const inHundred = (rate) => `${significant(100 * rate, rate >= 0.0995 ? 3 : 2)} of 100`;
const range = (low, high) => `${significant(low)} to ${significant(high)}`;

// ---- pieces of a page ---------------------------------------------------------------------------

let made = 0;
const fresh = (name) => `lx-${name}-${(made += 1)}-${Math.random().toString(36).slice(2, 8)}`;

function put(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of [].concat(children ?? [])) if (child !== null) node.append(child);
  return node;
}
// JupyterLab takes keys away from what has the focus (arrows move between cells, D D deletes one).
// It leaves them alone where this attribute stands on the focused element itself, not around it.
const FOCUSED = ["button", "input", "select", "summary"];
const h = (tag, attributes, children) => put(document.createElement(tag), FOCUSED.includes(tag) || attributes?.tabindex === 0
  ? { "data-lm-suppress-shortcuts": "true", ...attributes } : attributes, children);
const s = (tag, attributes, children) =>
  put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// The frame of an explorer.
function frame(el, name) {
  const root = h("section", { class: "lx", "aria-label": name });
  el.append(root);
  return root;
}

function field(text, control, wide) {
  control.id = control.id || fresh("control");
  return h("div", { class: wide ? "lx-field lx-wide" : "lx-field" }, [
    h("label", { for: control.id }, text), control,
  ]);
}

function chooser(text, options, value, chosen) {
  const select = h("select", { onchange: () => chosen(select.value) },
    options.map(([key, label]) => h("option", { value: key }, label)));
  select.value = value;
  return { select, field: field(text, select) };
}

function tick(text, value, changed) {
  const box = h("input", { type: "checkbox", id: fresh("tick"), onchange: () => changed(box.checked) });
  box.checked = value;
  return { box, field: h("div", { class: "lx-check" }, [box, h("label", { for: box.id }, text)]) };
}

// A sentence that screen readers read out when it changes; a moment late, so that a key held down
// is not read out at every step.
function announcer(name) {
  const shown = h("p", { class: "lx-live", "data-lx": name || "live" });
  const spoken = h("p", { class: "lx-hidden", "aria-live": "polite", "data-lx": "spoken" });
  let timer = null;
  const say = (text) => {
    shown.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => { spoken.textContent = text; }, 350);
  };
  return { node: h("div", { class: "lx-relative" }, [shown, spoken]), say };
}

const exact = (full) => Object.fromEntries(Object.entries(full || {}).map(([name, x]) => [`data-${name}`, Number.isFinite(x) ? x : ""]));

// The roles stand in the markup because a table shown as blocks loses them in some browsers.
function table(caption, columns) {
  const body = h("tbody", { role: "rowgroup" });
  const short = (cell) => typeof cell === "string" && cell.length <= 16;
  const node = h("table", { role: "table", class: columns.length > 5 ? "lx-many" : null }, [
    h("caption", {}, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" },
      columns.map((name) => h("th", { scope: "col", role: "columnheader" }, name)))),
    body,
  ]);
  // "full" holds numbers with all their digits, as attributes for whoever reads the page by program.
  const fill = (rows) => {
    body.replaceChildren(...rows.map(({ cells, kind, full }) => h("tr", { role: "row", class: kind, ...exact(full) },
      cells.map((cell, k) => (k === 0
        ? h("th", { scope: "row", role: "rowheader" }, cell)
        : h("td", { role: "cell", "data-name": columns[k], class: typeof cell === "string" && cell.length > 24 ? "lx-left" : short(cell) ? "lx-short" : null }, cell))))));
  };
  return { node, fill, caption: node.querySelector("caption") };
}

const folded = (title, content, open) =>
  h("details", { open: open || null }, [h("summary", {}, title), content]);

// Calls draw(width) now and whenever the width changes; returns what stops it.
function fitted(holder, draw) {
  let last = 0;
  const again = () => {
    const width = Math.floor(holder.clientWidth);
    if (width > 0 && width !== last) { last = width; draw(width); }
  };
  const observer = new ResizeObserver(again);
  observer.observe(holder);
  again();
  return { again: () => { if (last) draw(last); else again(); }, stop: () => observer.disconnect() };
}

// ---- axes ---------------------------------------------------------------------------------------

const linear = (a, b, left, right) => (x) => left + ((x - a) / (b - a)) * (right - left);
const logarithmic = (a, b, left, right) => {
  const line = linear(Math.log(a), Math.log(b), left, right);
  return (x) => line(Math.log(Math.max(x, a)));
};

function niceTicks(low, high, about) {
  const rough = (high - low) / Math.max(about, 1);
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * unit).find((m) => m >= rough);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) ticks.push(k * step);
  return { ticks, places: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

function tens(low, high) {
  const ticks = [];
  for (let k = Math.ceil(Math.log10(low) - 1e-9); k <= Math.log10(high) + 1e-9; k += 1) ticks.push(10 ** k);
  return ticks;
}
// Ticks for a short logarithmic axis: 1, 2 and 5 of every ten.
function steps(low, high) {
  if (high / low > 300) return tens(low, high);
  return tens(low / 10, high).flatMap((x) => [x, 2 * x, 5 * x]).filter((x) => x >= low * 0.999 && x <= high * 1.001);
}
const tenName = (x) => (x >= 0.5 ? "all" : `1 in ${count(1 / x)}`);

const guess = (text) => text.length * 6.6; // width of 12 px letters, near enough to keep them apart

function axisBelow(svg, { left, right, y, top, title, ticks, name, at }) {
  svg.append(s("line", { class: "lx-axis", x1: left, x2: right, y1: y, y2: y }));
  let free = -Infinity;
  for (const value of ticks) {
    const x = at(value), text = name(value), half = guess(text) / 2;
    if (top !== undefined) svg.append(s("line", { class: "lx-grid", x1: x, x2: x, y1: top, y2: y }));
    svg.append(s("line", { class: "lx-axis", x1: x, x2: x, y1: y, y2: y + 4 }));
    const centre = Math.min(Math.max(x, half), right + 8 - half);
    if (centre - half < free) continue;
    svg.append(s("text", { x: centre, y: y + 17, "text-anchor": "middle" }, text));
    free = centre + half + 8;
  }
  // Of several wordings the first that fits.
  const wording = [].concat(title);
  const room = 2 * Math.min((left + right) / 2, right + 10 - (left + right) / 2) - 4;
  svg.append(s("text", { class: "lx-quiet", x: (left + right) / 2, y: y + 34, "text-anchor": "middle" },
    wording.find((text) => guess(text) <= room) ?? wording[wording.length - 1]));
}

// Stripes, so that a meaning never hangs on colour alone.
function stripes(id, colour, tilt) {
  return s("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${tilt})` }, [
    s("rect", { width: 6, height: 6, fill: "var(--lx-paper)" }),
    s("rect", { width: 3, height: 6, fill: colour }),
  ]);
}

// ---- intervals: the same rules as labkit.measure.intervals ----------------------------------------------

const Z = 1.959963984540054;

function wilson(errors, trials) {
  const p = errors / trials;
  const centre = p + (Z * Z) / (2 * trials);
  const reach = Z * Math.sqrt((p * (1 - p)) / trials + (Z * Z) / (4 * trials * trials));
  const scale = 1 + (Z * Z) / trials;
  return { value: p, low: Math.max((centre - reach) / scale, 0), high: Math.min((centre + reach) / scale, 1), words: "" };
}

// Leave one person out, on the logarithm of the rate.  by person: false matches and comparisons
// they take part in; the totals count each comparison once.
function fmrInterval({ errors, trials, errorPairs, personPairs, byError, byTrial }) {
  const rest = { errors, trials, errorPairs, personPairs };
  if (!trials) return { value: NaN, low: NaN, high: NaN, words: "no comparison made", ...rest };
  const value = errors / trials;
  const none = { value, low: NaN, high: NaN, ...rest };
  if (!errors) {
    return { ...none, words: `no false match; at most ${significant(Math.min(3 / personPairs, 1), 2)}, from ${plural(personPairs, "pair")} of people` };
  }
  if (errorPairs < 10) {
    return { ...none, words: `${plural(errors, "false match", "false matches")} from ${plural(errorPairs, "pair")} of people: too few for a rate` };
  }
  let k = 0, sum = 0, squares = 0;
  const logs = [];
  for (let i = 0; i < byTrial.length; i += 1) {
    const left = trials - byTrial[i];
    if (byTrial[i] > 0 && left > 0) logs.push(Math.log(Math.max(errors - byError[i], 0.5) / left));
  }
  k = logs.length;
  for (const x of logs) sum += x;
  for (const x of logs) squares += (x - sum / k) ** 2;
  const reach = Z * Math.sqrt(((k - 1) / k) * squares);
  return { ...none, low: value * Math.exp(-reach), high: Math.min(value * Math.exp(reach), 1), words: "" };
}

// A rate with people as clusters.
function clusterInterval(errorsOf, trialsOf, what) {
  let people = 0, errors = 0, trials = 0, erring = 0, squares = 0;
  for (let i = 0; i < trialsOf.length; i += 1) {
    if (!trialsOf[i]) continue;
    people += 1;
    errors += errorsOf[i];
    trials += trialsOf[i];
    if (errorsOf[i] > 0) erring += 1;
  }
  const rest = { errors, trials, people, erring };
  if (!people) return { value: NaN, low: NaN, high: NaN, words: "nothing to count", ...rest };
  const value = errors / trials;
  const none = { value, low: NaN, high: NaN, ...rest };
  if (!erring) return { ...none, words: `no ${what}; at most ${significant(Math.min(3 / people, 1), 2)}, from ${count(people)} people` };
  if (people < 30 || erring < 10) {
    return { ...none, words: `${what}: ${count(errors)}, by ${count(erring)} of ${count(people)} people: too few for a rate` };
  }
  for (let i = 0; i < trialsOf.length; i += 1) {
    if (trialsOf[i]) squares += (errorsOf[i] - value * trialsOf[i]) ** 2;
  }
  const se = Math.sqrt((people / (people - 1)) * squares) / trials;
  return { ...none, low: Math.max(value - Z * se, 0), high: Math.min(value + Z * se, 1), words: "" };
}
