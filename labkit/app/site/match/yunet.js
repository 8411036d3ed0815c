// YuNet finds faces, as OpenCV's FaceDetectorYN and labkit.matchers.yunet do.
// In: a picture, and what runs the network.  Out: faces, the largest first.

import { padded, planes } from "./pixels.js";

const STRIDES = [8, 16, 32];
const CELL = 32; // sides of what the network is given are multiples of this

/**
 * The faces in a picture: { box: [left, top, width, height], points: [[x, y] x 5], score }.
 * `rules` are labkit's: least, overlap, smallest, most.
 */
export async function faces(picture, detect, rules) {
  const width = Math.max(picture.width, rules.smallest);
  const height = Math.max(picture.height, rules.smallest);
  const wide = Math.ceil(width / CELL) * CELL;
  const high = Math.ceil(height / CELL) * CELL;
  const outputs = await detect(planes(padded(picture, wide, high), true), wide, high);
  const kept = apart(candidates(outputs, wide, high, rules.least), rules);
  return kept.sort((a, b) => area(b) - area(a)); // stable: equals stay in order of their score
}

const area = ({ box }) => Math.fround(box[2] * box[3]);

/** Every place that is sure enough to be a face. */
function candidates(outputs, wide, high, least) {
  const found = [];
  for (const stride of STRIDES) {
    const [sure, there] = [outputs[`cls_${stride}`], outputs[`obj_${stride}`]];
    const columns = wide / stride;
    for (let k = 0; k < columns * (high / stride); k++) {
      const product = Math.fround(within(sure[k]) * within(there[k]));
      const score = Math.fround(Math.sqrt(product));
      if (score < least) continue;
      found.push(decoded(outputs, stride, k, columns, score));
    }
  }
  return found;
}

const within = (x) => Math.min(Math.max(x, 0), 1);

/** The box and the points that the network gives at a place. */
function decoded(outputs, stride, k, columns, score) {
  const f = Math.fround;
  const [column, row] = [k % columns, Math.floor(k / columns)];
  const [boxes, marks] = [outputs[`bbox_${stride}`], outputs[`kps_${stride}`]];
  const x = f(f(column + boxes[4 * k]) * stride);
  const y = f(f(row + boxes[4 * k + 1]) * stride);
  const width = f(f(Math.exp(boxes[4 * k + 2])) * stride);
  const height = f(f(Math.exp(boxes[4 * k + 3])) * stride);
  const points = [0, 1, 2, 3, 4].map((n) => [
    f(f(marks[10 * k + 2 * n] + column) * stride),
    f(f(marks[10 * k + 2 * n + 1] + row) * stride),
  ]);
  return { box: [f(x - f(width / 2)), f(y - f(height / 2)), width, height], points, score };
}

/** Of boxes that cover each other the one with the higher score, as OpenCV's NMSBoxes. */
function apart(found, { least, overlap, most }) {
  if (found.length < 2) return found;
  const order = found.filter(({ score }) => score > least).sort((a, b) => b.score - a.score);
  const kept = [];
  for (const face of order.slice(0, most)) {
    const box = face.box.map(Math.trunc);
    if (kept.every((other) => shared(box, other.box.map(Math.trunc)) <= overlap)) kept.push(face);
  }
  return kept;
}

/** The share of two boxes that both cover. */
function shared(a, b) {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const both = width > 0 && height > 0 ? width * height : 0;
  const all = a[2] * a[3] + b[2] * b[3] - both;
  return all > 0 ? both / all : 1;
}
