// From values to places on a picture, and the values worth a tick.

export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

export const linear = (a, b, left, right) => (x) => left + ((x - a) / (b - a)) * (right - left);

// Values below the axis stand at its left end.
export function logarithmic(a, b, left, right) {
  const line = linear(Math.log(a), Math.log(b), left, right);
  return (x) => line(Math.log(Math.max(x, a)));
}

// About so many ticks at 1, 2 or 5 times a power of ten, and the decimals they need.
export function niceTicks(low, high, about) {
  const rough = (high - low) / Math.max(about, 1);
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * unit).find((m) => m >= rough);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) {
    ticks.push(k * step);
  }
  return { ticks, places: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

// The same, with more where that would be fewer than three: two give no feeling for an axis.
export function enoughTicks(low, high, about) {
  const found = niceTicks(low, high, about);
  return found.ticks.length < 3 ? enoughTicks(low, high, 1.5 * Math.max(about, 1)) : found;
}

// The powers of ten from low to high.
export function tens(low, high) {
  const ticks = [];
  const last = Math.log10(high) + 1e-9;
  for (let k = Math.ceil(Math.log10(low) - 1e-9); k <= last; k += 1) ticks.push(10 ** k);
  return ticks;
}

// Ticks of a logarithmic axis: 1, 2 and 5 of every ten; powers of ten only on a long one.
export function steps(low, high) {
  if (high / low > 300) return tens(low, high);
  return tens(low / 10, high)
    .flatMap((x) => [x, 2 * x, 5 * x])
    .filter((x) => x >= low * 0.999 && x <= high * 1.001);
}

// Place of the entry nearest to a value; the first of several.
export function nearest(list, value) {
  let best = 0;
  list.forEach((x, k) => {
    if (Math.abs(x - value) < Math.abs(list[best] - value)) best = k;
  });
  return best;
}

// The last place of 0 ... n - 1 where a condition holds that, once broken, stays broken; else -1.
export function lastWhere(n, holds) {
  let low = -1;
  let high = n - 1;
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
