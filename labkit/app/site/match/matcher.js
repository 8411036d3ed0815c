// A matcher: from a picture to 128 numbers, and from two of these to a similarity.
// In: what runs the networks, and labkit's own rules.  Out: what became of each picture.

import { chip } from "./align.js";
import { atMost, planes } from "./pixels.js";
import { back, lies, turned } from "./upright.js";
import { faces } from "./yunet.js";

/**
 * The largest face of a picture, as SFace sees it: null without a face, else
 * { faces, score, turned, width, corners, points, chip, template }, places in pixels of the picture.
 */
export async function described(picture, networks, rules) {
  const { picture: small, scale } = atMost(picture, rules.searched);
  const degrees = await lies(small, networks.detect, rules);
  const upright = turned(small, -degrees);
  const found = await faces(upright, networks.detect, rules);
  if (!found.length) return null;
  const [face] = found;
  const home = degrees ? back(small, -degrees) : (point) => point;
  const place = (point) => home(point).map((x) => x * scale);
  const cut = chip(upright, face.points);
  return {
    faces: found.length,
    score: face.score,
    turned: degrees,
    width: face.box[2] * scale,
    corners: corners(face.box).map(place),
    points: face.points.map(place),
    chip: cut,
    template: await templateOf(cut, networks),
  };
}

/** SFace's numbers of a face that was cut out. */
export function templateOf(cut, networks) {
  return networks.sface(planes(cut, false));
}

/** AnytownNet's numbers of a face that dlib cut out when the set was made. */
export async function townTemplate(cut, networks) {
  return networks.anytownnet(Float32Array.from(cut.data), cut.width);
}

function corners([left, top, width, height]) {
  return [
    [left, top],
    [left + width, top],
    [left + width, top + height],
    [left, top + height],
  ];
}

/** The cosine of the angle between two rows of numbers: their similarity. */
export function cosine(a, b) {
  return products(a, b).reduce((sum, x) => sum + x, 0);
}

/** What each of the 128 places adds to the similarity. */
export function products(a, b) {
  const [one, other] = [unit(a), unit(b)];
  return one.map((x, k) => x * other[k]);
}

/** The same numbers, brought to length 1. */
export function unit(a) {
  const numbers = Array.from(a);
  const length = Math.hypot(...numbers) || 1;
  return numbers.map((x) => x / length);
}
