// Numbers as people write them, put into sentences that come from Python (labkit's translations).

const grouped = new Intl.NumberFormat("en"); // made once: toLocaleString makes one at each call

export const count = (n) => grouped.format(Math.round(n));

// A plain decimal number with so many significant digits, never "1e-7".
export function significant(x, digits = 3) {
  if (!Number.isFinite(x)) return "";
  if (x === 0) return "0";
  const short = Number(x.toPrecision(digits));
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(short)) + 1e-12));
  return short.toFixed(Math.min(places, 12));
}

// A whole number with the three digits that matter: 71,234 becomes 71,200.
export function rounded(whole) {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(whole)) - 2);
  return count(Math.round(whole / unit) * unit);
}

// Sentences of one language.  words holds, by key, a sentence with {names} in it, or a pair of
// them: for one, and for any other number.
export function language(words) {
  function text(key, values = {}) {
    const sentence = words[key];
    if (typeof sentence !== "string") throw new Error(`there is no sentence "${key}"`);
    return filled(sentence, values);
  }

  function plural(n, key) {
    if (!Array.isArray(words[key])) throw new Error(`there are no words to count "${key}"`);
    const [one, many] = words[key];
    return filled(n === 1 ? one : many, { n: count(n) });
  }

  // As reading.in_words in Python: "1 in 145", and from 1 in 100 up "14 in 100".
  function inWords(rate) {
    if (!Number.isFinite(rate)) return text("no_rate");
    if (rate === 0) return text("none");
    if (rate === 1) return text("all");
    if (rate < 0.01) return text("one_in", { n: rounded(1 / rate) });
    if (rate > 0.99) return text("all_but", { n: rounded(1 / (1 - rate)) });
    const tenths = Math.floor(1000 * rate + 0.5);
    return text("in_100", { n: tenths < 100 ? tenths / 10 : Math.floor(100 * rate + 0.5) });
  }

  // Two ends in one form: "1 in 190 to 1 in 120", or "0.69 to 2.6 in 100".
  function between(low, high, oneIn = high < 0.01) {
    if (oneIn) return text("range", { low: inWords(low), high: inWords(high) });
    const ends = { low: significant(100 * low, 2), high: significant(100 * high, 2) };
    return text("in_100", { n: text("range", ends) });
  }

  // A rate in the form of the interval beside it: "0.97 in 100" beside "0.67 to 1.4 in 100".
  function rateIn(rate, oneIn) {
    if (oneIn || !(rate > 0 && rate < 0.01)) return inWords(rate);
    return text("in_100", { n: significant(100 * rate, 2) });
  }

  return {
    text,
    plural,
    inWords,
    between,
    rateIn,
    range: (low, high) => text("range", { low: significant(low), high: significant(high) }),
    // The end of a logarithmic axis, and its steps of ten.
    tenName: (x) => (x >= 0.5 ? text("all") : text("one_in", { n: count(1 / x) })),
  };
}

// A sentence with its {names} filled in.
export function filled(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => {
    if (values[name] === undefined) throw new Error(`"${sentence}" needs a value for ${name}`);
    return values[name];
  });
}
