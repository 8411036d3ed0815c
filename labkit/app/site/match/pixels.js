// Pictures as numbers: moved, turned, cut out and made smaller as OpenCV does it, to the last bit
// where that can be had.  A picture is { width, height, data }: RGB, 3 bytes a pixel, row by row.

const STEPS = 32; // OpenCV looks between pixels at 32 places each way (INTER_TAB_SIZE)
const FINE = 1024; // and computes where in 1024ths of a pixel (AB_SCALE)
const EDGE = 1e-3; // a piece of a pixel smaller than this is left out (computeResizeAreaTab)

/** Rounded as OpenCV's cvRound: halves to the even number. */
export function rint(x) {
  const low = Math.floor(x);
  const rest = x - low;
  if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

/** A picture of one colour. */
export function blank(width, height, value = 0) {
  const data = new Uint8Array(width * height * 3);
  if (value) data.fill(value);
  return { width, height, data };
}

/** What a canvas holds (RGBA) as a picture; canvases are opaque here, so alpha is left out. */
export function fromCanvas({ width, height, data }) {
  const out = blank(width, height);
  for (let from = 0, to = 0; to < out.data.length; from += 4, to += 3) {
    out.data[to] = data[from];
    out.data[to + 1] = data[from + 1];
    out.data[to + 2] = data[from + 2];
  }
  return out;
}

/** A picture as what a canvas takes (RGBA). */
export function toCanvas({ width, height, data }) {
  const out = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    out[to] = data[from];
    out[to + 1] = data[from + 1];
    out[to + 2] = data[from + 2];
  }
  return { width, height, data: out };
}

/** The picture with black laid beside and below it. */
export function padded(picture, width, height) {
  if (picture.width === width && picture.height === height) return picture;
  const out = blank(width, height);
  for (let y = 0; y < picture.height; y++) {
    const row = picture.data.subarray(y * picture.width * 3, (y + 1) * picture.width * 3);
    out.data.set(row, y * width * 3);
  }
  return out;
}

/** A picture's numbers plane by plane, as networks take them; BGR or RGB. */
export function planes(picture, bgr) {
  const size = picture.width * picture.height;
  const out = new Float32Array(size * 3);
  for (let channel = 0; channel < 3; channel++) {
    const plane = (bgr ? 2 - channel : channel) * size;
    for (let k = 0; k < size; k++) out[plane + k] = picture.data[3 * k + channel];
  }
  return out;
}

/** The affine map back: [a, b, c, d, e, f] of x' = ax + by + c, y' = dx + ey + f. */
export function inverse([a, b, c, d, e, f]) {
  const determinant = a * e - b * d;
  const scale = determinant === 0 ? 0 : 1 / determinant;
  const [ia, ib, id, ie] = [e * scale, b * -scale, d * -scale, a * scale];
  return [ia, ib, -ia * c - ib * f, id, ie, -id * c - ie * f];
}

/**
 * A picture moved by an affine map, as cv2.warpAffine with INTER_LINEAR: places in 32nds of a
 * pixel, weights in whole numbers.  Outside it is black, or repeats the edge.
 */
export function warped(picture, map, width, height, repeated = false) {
  const back = inverse(map);
  const out = blank(width, height);
  const shift = FINE / STEPS / 2;
  const across = Array.from({ length: width }, (_, x) => [
    rint(back[0] * x * FINE),
    rint(back[3] * x * FINE),
  ]);
  for (let y = 0; y < height; y++) {
    const startX = rint((back[1] * y + back[2]) * FINE) + shift;
    const startY = rint((back[4] * y + back[5]) * FINE) + shift;
    for (let x = 0; x < width; x++) {
      const atX = (startX + across[x][0]) >> 5;
      const atY = (startY + across[x][1]) >> 5;
      blend(picture, atX, atY, repeated, out.data, (y * width + x) * 3);
    }
  }
  return out;
}

/** The colour between four pixels, at a place in 32nds of a pixel. */
function blend(picture, atX, atY, repeated, out, to) {
  const [x, y, right, down] = [atX >> 5, atY >> 5, atX & 31, atY & 31];
  const corners = [
    [x, y, (32 - right) * (32 - down)],
    [x + 1, y, right * (32 - down)],
    [x, y + 1, (32 - right) * down],
    [x + 1, y + 1, right * down],
  ];
  let [r, g, b] = [512, 512, 512]; // half of 1024, so that the shift below rounds
  for (const [column, row, weight] of corners) {
    const from = place(picture, column, row, repeated);
    if (from < 0) continue;
    r += picture.data[from] * weight;
    g += picture.data[from + 1] * weight;
    b += picture.data[from + 2] * weight;
  }
  out[to] = r >> 10;
  out[to + 1] = g >> 10;
  out[to + 2] = b >> 10;
}

/** Where a pixel lies in the numbers; -1 outside, or the nearest at the edge. */
function place({ width, height }, x, y, repeated) {
  if (x >= 0 && y >= 0 && x < width && y < height) return (y * width + x) * 3;
  if (!repeated) return -1;
  const column = Math.min(Math.max(x, 0), width - 1);
  const row = Math.min(Math.max(y, 0), height - 1);
  return (row * width + column) * 3;
}

/** A picture turned by quarter turns, counter-clockwise, as numpy.rot90. */
export function quarters(picture, turns) {
  let out = picture;
  for (let k = 0; k < ((turns % 4) + 4) % 4; k++) out = quarter(out);
  return out;
}

function quarter({ width, height, data }) {
  const out = blank(height, width);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < height; x++) {
      const from = (x * width + (width - 1 - y)) * 3;
      const to = (y * height + x) * 3;
      out.data[to] = data[from];
      out.data[to + 1] = data[from + 1];
      out.data[to + 2] = data[from + 2];
    }
  }
  return out;
}

/** A picture made smaller, each pixel the mean of the area it stands for, as cv2.INTER_AREA. */
export function smaller(picture, width, height) {
  const across = areas(picture.width, width);
  const down = areas(picture.height, height);
  const halves = picture.width === 2 * width && picture.height === 2 * height;
  const out = blank(width, height);
  const row = new Float64Array(width * 3);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (const [from, weight] of down[y]) addRow(picture, from, weight, across, row);
    // Of four pixels OpenCV rounds halves up, of other areas to the even number.
    for (let k = 0; k < row.length; k++) {
      out.data[y * row.length + k] = halves ? Math.floor(row[k] + 0.5) : rint(row[k]);
    }
  }
  return out;
}

function addRow(picture, y, share, across, row) {
  const start = y * picture.width * 3;
  for (let x = 0; x < across.length; x++) {
    for (const [column, weight] of across[x]) {
      const from = start + column * 3;
      row[3 * x] += picture.data[from] * weight * share;
      row[3 * x + 1] += picture.data[from + 1] * weight * share;
      row[3 * x + 2] += picture.data[from + 2] * weight * share;
    }
  }
}

/** Which pixels each new one is made of, and by what share. */
function areas(old, fresh) {
  const scale = old / fresh;
  return Array.from({ length: fresh }, (_, k) => {
    const begins = k * scale;
    const ends = begins + scale;
    const cell = Math.min(scale, old - begins);
    const last = Math.min(Math.floor(ends), old - 1);
    const first = Math.min(Math.ceil(begins), last);
    const parts = [];
    if (first - begins > EDGE) parts.push([first - 1, (first - begins) / cell]);
    for (let at = first; at < last; at++) parts.push([at, 1 / cell]);
    if (ends - last > EDGE) parts.push([last, Math.min(ends - last, 1, cell) / cell]);
    return parts;
  });
}

/** A picture with at most so many pixels, and how much longer the sides of the old one are. */
export function atMost(picture, pixels) {
  const size = picture.width * picture.height;
  if (size <= pixels) return { picture, scale: 1 };
  const down = Math.sqrt(size / pixels);
  const width = Math.max(1, rint(picture.width / down));
  const height = Math.max(1, rint(picture.height / down));
  const made = smaller(picture, width, height);
  return { picture: made, scale: Math.sqrt(size / (width * height)) };
}
