// A face cut out, turned and scaled as SFace saw faces in training, as OpenCV's FaceRecognizerSF.

import { warped } from "./pixels.js";

export const SIDE = 112;

// Where eyes, tip of the nose and corners of the mouth are to lie, and their mean, as OpenCV has it.
const TEMPLATE = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
].map((point) => point.map(Math.fround));
const MIDDLE = [56.0262, 71.9008].map(Math.fround);

/**
 * The turn, scale and shift that brings five points nearest to the template: Umeyama 1991, which in
 * the plane needs no decomposition.  As [a, b, c, d, e, f]: x' = ax + by + c, y' = dx + ey + f.
 */
export function similarity(points) {
  const f = Math.fround;
  const mean = [0, 1].map((axis) => f(points.reduce((sum, p) => f(sum + f(p[axis])), 0) / 5));
  let [along, turned, spread] = [0, 0, 0];
  points.forEach((point, k) => {
    const [x, y] = [f(f(point[0]) - mean[0]), f(f(point[1]) - mean[1])];
    const [toX, toY] = [f(TEMPLATE[k][0] - MIDDLE[0]), f(TEMPLATE[k][1] - MIDDLE[1])];
    along += f(toX * x) + f(toY * y);
    turned += f(toY * x) - f(toX * y);
    spread += f(x * x) + f(y * y);
  });
  const [cos, sin] = [along / spread, turned / spread];
  const shift = [
    MIDDLE[0] - (cos * mean[0] - sin * mean[1]),
    MIDDLE[1] - (sin * mean[0] + cos * mean[1]),
  ];
  return [cos, -sin, shift[0], sin, cos, shift[1]];
}

/** The face of a picture by its five points, 112 x 112. */
export function chip(picture, points) {
  return warped(picture, similarity(points), SIDE, SIDE);
}
