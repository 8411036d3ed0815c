// Intervals by people: the same rules as labkit.measure.intervals, whose limits Python sends.

import { count, significant } from "./words.js";

// Wilson's interval: every trial on its own.
export function wilson(errors, trials, z) {
  const p = errors / trials;
  const centre = p + (z * z) / (2 * trials);
  const reach = z * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return {
    value: p,
    low: Math.max((centre - reach) / scale, 0),
    high: Math.min((centre + reach) / scale, 1),
    words: "",
  };
}

// Half the width of the interval for the logarithm of a rate, one person left out at a time.
export function jackknifeReach({ errors, trials, byError, byTrial }, z) {
  const logs = [];
  for (let i = 0; i < byTrial.length; i += 1) {
    const left = trials - byTrial[i];
    if (byTrial[i] > 0 && left > 0) logs.push(Math.log(Math.max(errors - byError[i], 0.5) / left));
  }
  const k = logs.length;
  const mean = logs.reduce((sum, x) => sum + x, 0) / k;
  const squares = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return z * Math.sqrt(((k - 1) / k) * squares);
}

// Errors and trials of the people who have any trial.
export function clusters(errorsOf, trialsOf) {
  const total = { people: 0, errors: 0, trials: 0, erring: 0 };
  for (let i = 0; i < trialsOf.length; i += 1) {
    if (!trialsOf[i]) continue;
    total.people += 1;
    total.errors += errorsOf[i];
    total.trials += trialsOf[i];
    if (errorsOf[i] > 0) total.erring += 1;
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

// The two kinds of interval, or the words for too little.  rules: z, error_pairs, people and
// erring_people that are enough; say: the sentences.  Each gives { value, low, high, words, ... }.
export function intervals(rules, say) {
  const bound = (units) => significant(Math.min(3 / units, 1), 2);
  const nothing = (words, rest) => ({ value: NaN, low: NaN, high: NaN, words, ...rest });

  // By person: errors and comparisons they take part in; the totals count each comparison once.
  function ofPairs({ errors, trials, errorPairs, personPairs, byError, byTrial }) {
    const rest = { errors, trials, errorPairs, personPairs };
    if (!trials) return nothing(say.text("no_comparison"), rest);
    const value = errors / trials;
    const inWords = (words) => ({ value, low: NaN, high: NaN, words, ...rest });
    if (!errors) {
      const pairs = say.plural(personPairs, "pairs_of_people");
      return inWords(say.text("none_of_pairs", { bound: bound(personPairs), pairs }));
    }
    if (errorPairs < rules.error_pairs) {
      const pairs = say.plural(errorPairs, "pairs_of_people");
      return inWords(say.text("few_pairs", { errors: say.plural(errors, "false_matches"), pairs }));
    }
    const reach = jackknifeReach({ errors, trials, byError, byTrial }, rules.z);
    const high = Math.min(value * Math.exp(reach), 1);
    return { value, low: value * Math.exp(-reach), high, words: "", ...rest };
  }

  // Errors and trials by person; what: the errors in words.
  function ofPeople(errorsOf, trialsOf, what) {
    const total = clusters(errorsOf, trialsOf);
    const { people, errors, trials, erring } = total;
    if (!people) return nothing(say.text("nothing_to_count"), total);
    const value = errors / trials;
    const inWords = (words) => ({ value, low: NaN, high: NaN, words, ...total });
    const n = count(people);
    if (!erring) return inWords(say.text("none_of_people", { what, bound: bound(people), n }));
    if (people < rules.people || erring < rules.erring_people) {
      const few = { what, errors: count(errors), erring: count(erring), n };
      return inWords(say.text("few_people", few));
    }
    const reach = rules.z * clusterError(total, errorsOf, trialsOf);
    const [low, high] = [Math.max(value - reach, 0), Math.min(value + reach, 1)];
    return { value, low, high, words: "", ...total };
  }

  return { ofPairs, ofPeople };
}
