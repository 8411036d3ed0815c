// What the page draws: a photograph with the face that was found, a cut-out, rows of numbers.

import { toCanvas } from "./pixels.js";

/** A picture on a canvas, at its own size. */
export function showPicture(canvas, picture) {
  canvas.width = picture.width;
  canvas.height = picture.height;
  const { data, width, height } = toCanvas(picture);
  canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
}

/** A picture with the box and the five points of a face, as thick as can be seen when it is small. */
export function showFound(canvas, picture, found) {
  showPicture(canvas, picture);
  if (!found) return;
  const context = canvas.getContext("2d");
  const thick = Math.max(picture.width, picture.height) / 160;
  const path = new Path2D();
  found.corners.forEach(([x, y], k) => {
    if (k) path.lineTo(x, y);
    else path.moveTo(x, y);
  });
  path.closePath();
  for (const [colour, width] of [
    ["#fff", 3],
    ["#00497a", 1.4],
  ]) {
    context.strokeStyle = colour;
    context.lineWidth = width * thick;
    context.stroke(path);
    for (const [x, y] of found.points) cross(context, x, y, 2.6 * thick);
  }
}

function cross(context, x, y, reach) {
  context.beginPath();
  context.moveTo(x - reach, y);
  context.lineTo(x + reach, y);
  context.moveTo(x, y - reach);
  context.lineTo(x, y + reach);
  context.stroke();
}

/** Numbers as bars: upwards where they are above 0, downwards below; `most` fills the height. */
export function showNumbers(canvas, numbers, most) {
  const [step, half] = [4, 40];
  canvas.width = numbers.length * step;
  canvas.height = 2 * half + 1;
  const colours = getComputedStyle(canvas);
  const context = canvas.getContext("2d");
  context.fillStyle = colours.getPropertyValue("--lab-rule");
  context.fillRect(0, half, canvas.width, 1);
  numbers.forEach((x, k) => {
    const height = Math.max(1, Math.round((Math.min(Math.abs(x) / most, 1) || 0) * half));
    context.fillStyle = colours.getPropertyValue(x < 0 ? "--lab-b" : "--lab-a");
    context.fillRect(k * step, x < 0 ? half + 1 : half - height, step - 1, height);
  });
}
