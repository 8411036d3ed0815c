// A face that lies on its side is turned upright first, by the rule of labkit.matchers.upright.

import { inverse, quarters, rint, smaller, warped } from "./pixels.js";
import { faces } from "./yunet.js";

/**
 * By how many degrees the face lies turned, counter-clockwise; 0 for an upright face and without
 * one.  `rules` are labkit's: step, leftAlone, looked, and those of the detector.
 */
export async function lies(picture, detect, rules) {
  const small = forLooking(picture, rules.looked);
  const scores = new Map();
  const look = async (angles) => {
    for (const angle of angles) {
      if (!scores.has(angle)) scores.set(angle, await score(small, angle, detect, rules));
    }
  };
  await look([0, 90, 180, 270, rules.step, 360 - rules.step]);
  if (best(scores) !== 0 || !scores.get(0)) {
    await look(Array.from({ length: 360 / rules.step }, (_, k) => k * rules.step));
  }
  const highest = best(scores);
  return scores.get(highest) ? settled(scores, highest, rules) : 0;
}

/** The first angle with the highest score. */
function best(scores) {
  let at = 0;
  for (const [angle, value] of scores) if (value > scores.get(at)) at = angle;
  return at;
}

/** The angle by a parabola through the best score and those beside it. */
function settled(scores, highest, { step, leftAlone }) {
  const before = scores.get((highest + 360 - step) % 360);
  const after = scores.get((highest + step) % 360);
  const bend = before - 2 * scores.get(highest) + after;
  let angle = highest + (bend ? ((step / 2) * (before - after)) / bend : 0);
  const quarter = 90 * rint(angle / 90);
  if (Math.abs(angle - quarter) <= leftAlone) angle = quarter;
  return 180 - ((((180 - angle) % 360) + 360) % 360);
}

async function score(picture, lying, detect, rules) {
  const found = await faces(turned(picture, -lying), detect, rules);
  return found.reduce((highest, face) => Math.max(highest, face.score), 0);
}

/** A small copy; a long strip, turned, would need a picture as high as it is long. */
function forLooking(picture, looked) {
  const { width, height } = picture;
  const room = Math.max(width * height, Math.max(width, height) ** 2 / 4);
  if (room <= looked) return picture;
  const share = Math.sqrt(looked / room);
  const side = (length) => Math.max(1, rint(length * share));
  return smaller(picture, side(width), side(height));
}

/** A picture turned counter-clockwise; what comes in at the corners repeats the edge. */
export function turned(picture, degrees) {
  if (degrees % 90 === 0) return quarters(picture, Math.round(degrees / 90));
  const { map, width, height } = turn(picture, degrees);
  return warped(picture, map, width, height, true);
}

/** From a point of the turned picture to a point of the picture itself. */
export function back(picture, degrees) {
  const [a, b, c, d, e, f] = inverse(turn(picture, degrees).map);
  return ([x, y]) => [a * x + b * y + c, d * x + e * y + f];
}

/** The affine map of a turn about the middle, and the size that takes all of the picture in. */
function turn({ width, height }, degrees) {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  const wide = Math.ceil(width * Math.abs(cos) + height * Math.abs(sin) - 1e-9);
  const high = Math.ceil(width * Math.abs(sin) + height * Math.abs(cos) - 1e-9);
  const map = [
    cos,
    sin,
    (1 - cos) * x - sin * y + (wide - width) / 2,
    -sin,
    cos,
    sin * x + (1 - cos) * y + (high - height) / 2,
  ];
  return { map, width: wide, height: high };
}
