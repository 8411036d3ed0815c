// Intervals by people: the same rules as labkit.measure.intervals, whose limits Python sends.

import { count, significant } from "./words.js";

// Wilson's interval: every trial on its own.  Without an error its low end is 0 to the last bit, so
// that no logarithmic axis starts at what rounding left.
export function wilson(errors, trials, z) {
  const p = errors / trials;
  const centre = p + (z * z) / (2 * trials);
  const reach = z * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return {
    value: p,
    low: errors ? (centre - reach) / scale : 0,
    high: errors < trials ? (centre + reach) / scale : 1,
    words: "",
  };
}

// Student's t from its values at Chebyshev points of 1 / freedom (Berrut and Trefethen 2004: between
// them a weighted mean whose weights grow towards the nearest point).
export function student({ at, t }, freedom) {
  const last = at.length - 1;
  let [top, bottom] = [0, 0];
  for (let k = 0; k <= last; k += 1) {
    const gap = 1 / freedom - at[k];
    if (gap === 0) return t[k];
    const weight = ((k % 2 ? -1 : 1) * (k % last ? 1 : 0.5)) / gap;
    top += weight * t[k];
    bottom += weight;
  }
  return top / bottom;
}

// How far each person moves the logarithm of a rate, from leaving out one at a time.
export function jackknife({ errors, trials, byError, byTrial }) {
  const logs = [];
  for (let i = 0; i < byTrial.length; i += 1) {
    const left = trials - byTrial[i];
    if (byTrial[i] > 0 && left > 0) logs.push(Math.log(Math.max(errors - byError[i], 0.5) / left));
  }
  const k = logs.length;
  const mean = logs.reduce((sum, x) => sum + x, 0) / k;
  return logs.map((x) => (mean - x) * Math.sqrt((k - 1) / k));
}

// Half the width of an interval by Student's t, with as many degrees of freedom as people carry
// weight (Kish 1965); 0 where only the last bits of a sum differ.
export function reachOf(moves, rules) {
  const squares = moves.reduce((sum, m) => sum + m ** 2, 0);
  const fourth = moves.reduce((sum, m) => sum + m ** 4, 0);
  const error = Math.sqrt(squares);
  return error > rules.last_bits ? student(rules.student, squares ** 2 / fourth) * error : 0;
}

// Errors and trials of the people who have any trial, and who has an error, or a trial that is none.
export function clusters(errorsOf, trialsOf) {
  const total = { people: 0, errors: 0, trials: 0, erring: 0, without: 0 };
  for (let i = 0; i < trialsOf.length; i += 1) {
    if (!trialsOf[i]) continue;
    total.people += 1;
    total.errors += errorsOf[i];
    total.trials += trialsOf[i];
    if (errorsOf[i] > 0) total.erring += 1;
    if (errorsOf[i] < trialsOf[i]) total.without += 1;
  }
  return total;
}

// Standard error of a rate with people as clusters.
export function clusterError({ people, errors, trials }, errorsOf, trialsOf) {
  let squares = 0;
  for (let i = 0; i < trialsOf.length; i += 1) {
    if (trialsOf[i]) squares += (errorsOf[i] - (errors / trials) * trialsOf[i]) ** 2;
  }
  return Math.sqrt((people / (people - 1)) * squares) / trials;
}

// A rate without an error among so many units is at most this, and one of nothing but errors at
// least that: rounded away from the rate, so that neither says more than is known.
export function bounds(units) {
  const share = Math.min(3 / units, 1);
  const step = 10 ** (Math.floor(Math.log10(share)) - 1);
  const most = Math.ceil(share / step - 1e-9) * step;
  const least = Math.floor((1 - share) * 1e4 + 1e-9) / 1e4;
  return { most: significant(most, 2), least: significant(least, 4) };
}

// Why there is no interval of an FMR, or nothing.
function tooLittleOfPairs({ rules, say }, { errors, trials, errorPairs, personPairs, people }) {
  if (!errors) {
    const pairs = say.plural(personPairs, "pairs_of_people");
    return say.text("none_of_pairs", { bound: bounds(personPairs).most, pairs });
  }
  if (errors === trials) return say.text("all_of_pairs", { n: count(trials) });
  if (errorPairs < rules.error_pairs) {
    const pairs = say.plural(errorPairs, "pairs_of_people");
    return say.text("few_pairs", { errors: say.plural(errors, "false_matches"), pairs });
  }
  if (people >= rules.people_for_fmr) return "";
  const few = { people: say.plural(people, "people"), enough: rules.people_for_fmr };
  return say.text("few_for_interval", few);
}

// Why there is no interval of a rate by person, or nothing; what: the errors in words.
function tooLittleOfPeople({ rules, say }, { people, errors, erring, without }, what) {
  const { most, least } = bounds(people);
  const all = say.plural(people, "people");
  if (!erring) return say.text("none_of_people", { what, bound: most, people: all });
  if (!without) return say.text("all_of_people", { what, bound: least, people: all });
  const n = count(people);
  if (people < rules.people || erring < rules.erring_people) {
    return say.text("few_people", { what, errors: count(errors), erring: count(erring), n });
  }
  if (without >= rules.erring_people) return "";
  return say.text("few_without", { what, all: count(people - without), n });
}

// What stands instead of an interval where there is little room, as Interval.short has it.
function briefly({ say }, { errors, trials, people }, enough, [units, key]) {
  const of = { errors: count(errors), n: count(trials) };
  if (errors === trials) return say.text("all_of", of);
  if (errors) return say.text(people < enough ? "few_people_of" : "few_of", of);
  return say.text("none_of", { ...of, bound: bounds(units).most, units: say.plural(units, key) });
}

// The two kinds of interval, or the words for too little.  rules: what labkit.measure takes (see
// rules() in base.py); say: the sentences.  Each gives { value, low, high, words, short, ... }.
export function intervals(rules, say) {
  const lab = { rules, say };
  const nothing = { value: NaN, low: NaN, high: NaN, words: "", short: "" };

  // A group of one.
  function alone() {
    const [errors, trials, errorPairs, personPairs] = [0, 0, 0, 0];
    const words = say.text("alone");
    return { ...nothing, words, short: words, errors, trials, errorPairs, personPairs, people: 1 };
  }

  // By person: errors and comparisons they take part in; the totals count each comparison once.
  function ofPairs({ errors, trials, errorPairs, personPairs, byError, byTrial }) {
    const people = byTrial.reduce((sum, n) => sum + (n > 0), 0);
    const total = { ...nothing, errors, trials, errorPairs, personPairs, people };
    const inWords = (words, short) => ({ ...total, value: errors / trials, words, short });
    if (!trials) return inWords(say.text("no_comparison"), say.text("no_comparison"));
    const short = briefly(lab, total, rules.people_for_fmr, [personPairs, "pairs_of_people"]);
    const words = tooLittleOfPairs(lab, total);
    if (words) return inWords(words, short);
    const reach = reachOf(jackknife({ errors, trials, byError, byTrial }), rules);
    if (!reach) return inWords(say.text("alike", { what: say.text("errors") }), short);
    const [value, ratio] = [errors / trials, Math.exp(reach)];
    return { ...total, value, low: value / ratio, high: Math.min(value * ratio, 1) };
  }

  // Errors and trials by person; what: the errors in words.
  function ofPeople(errorsOf, trialsOf, what) {
    const total = { ...nothing, ...clusters(errorsOf, trialsOf) };
    const p = total.errors / total.trials;
    const inWords = (words, short) => ({ ...total, value: p, words, short });
    if (!total.people) return inWords(say.text("nothing_to_count"), say.text("nothing_to_count"));
    const short = briefly(lab, total, rules.people, [total.people, "people"]);
    const words = tooLittleOfPeople(lab, total, what);
    if (words) return inWords(words, short);
    const error = clusterError(total, errorsOf, trialsOf);
    if (error <= rules.last_bits) return inWords(say.text("alike", { what }), short);
    const reach = (student(rules.student, total.people - 1) * error) / (p * (1 - p));
    const [low, high] = [1, -1].map((side) => 1 / (1 + ((1 - p) / p) * Math.exp(side * reach)));
    return { ...total, value: p, low, high };
  }

  return { alone, ofPairs, ofPeople };
}
