// Numbers as people write them, put into sentences that come from Python (labkit's translations).

export const count = (n) => Math.round(n).toLocaleString("en");

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

// A rate as a count in a hundred: two digits, three where two would say 100.
const hundredth = (rate, near) => significant(100 * rate, rate >= near ? 3 : 2);

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

  // "1 in 120"; from a tenth up, "37 in 100".
  function oneIn(rate) {
    if (!Number.isFinite(rate)) return text("not_known");
    if (rate === 0) return "0";
    if (rate >= 0.1) return text("in_100", { n: hundredth(rate, 0.995) });
    return text("one_in", { n: rounded(1 / rate) });
  }

  return {
    text,
    plural,
    oneIn,
    inHundred: (rate) => text("of_100", { n: hundredth(rate, 0.0995) }),
    range: (low, high) => text("range", { low: significant(low), high: significant(high) }),
    // The end of a logarithmic axis, and its steps of ten.
    tenName: (x) => (x >= 0.5 ? text("all") : text("one_in", { n: count(1 / x) })),
  };
}

function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => {
    if (values[name] === undefined) throw new Error(`"${sentence}" needs a value for ${name}`);
    return values[name];
  });
}
