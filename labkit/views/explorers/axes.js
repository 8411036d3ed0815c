// Pieces of a drawing: the picture itself, its axis, lines, words, intervals.

import { s } from "./pieces.js";
import { clamp } from "./scales.js";

// Width of letters of 13 px, near enough to keep them apart.
export const guess = (text) => text.length * 7;

export const picture = (width, height, label) =>
  s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });

export const words = (x, y, text, attributes) => s("text", { x, y, ...attributes }, text);

export const upright = (x, y1, y2, attributes) =>
  s("line", { x1: x, x2: x, y1, y2, ...attributes });

export const level = (y, x1, x2, attributes) => s("line", { x1, x2, y1: y, y2: y, ...attributes });

// A line from low to high with ends; without one where it goes on beyond the axis.
export function whisker(low, high, y, half, attributes, [left, right] = [-Infinity, Infinity]) {
  const end = (x) => (x <= left || x >= right ? "" : `M${x},${y - half}V${y + half}`);
  const [from, to] = [Math.max(low, left), Math.min(high, right)];
  return s("path", {
    d: `${end(low)}${end(high)}M${from},${y}H${to}`,
    fill: "none",
    ...attributes,
  });
}

// Stripes, so that a meaning never hangs on colour alone.
export function stripes(id, colour, tilt) {
  const square = { width: 6, height: 6 };
  return s(
    "pattern",
    { id, ...square, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${tilt})` },
    [
      s("rect", { ...square, fill: "var(--lx-paper)" }),
      s("rect", { width: 3, height: 6, fill: colour }),
    ],
  );
}

// The first of several wordings that fits, else the last.
export function fitting(wordings, room) {
  return wordings.find((text) => guess(text) <= room) ?? wordings[wordings.length - 1];
}

// An axis below a picture with its ticks; a name that would run into the one before is left out.
export function axisBelow(svg, { left, right, y, top, titles, ticks, name, at }) {
  svg.append(level(y, left, right, { class: "lx-axis" }));
  let free = -Infinity;
  for (const value of ticks) {
    const x = at(value);
    if (top !== undefined) svg.append(upright(x, top, y, { class: "lx-grid" }));
    svg.append(upright(x, y, y + 4, { class: "lx-axis" }));
    const half = guess(name(value)) / 2;
    const centre = clamp(x, half, right + 8 - half);
    if (centre - half < free) continue;
    svg.append(words(centre, y + 17, name(value), { "text-anchor": "middle" }));
    free = centre + half + 8;
  }
  const middle = (left + right) / 2;
  const room = 2 * Math.min(middle, right + 10 - middle) - 4;
  const quiet = { class: "lx-quiet", "text-anchor": "middle" };
  svg.append(words(middle, y + 34, fitting(titles, room), quiet));
}
