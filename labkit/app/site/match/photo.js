// A learner's own photograph: read in this page, and let go when they say so.
// In: a file, and what was answered to the consent questions.  Out: a picture, or one sentence.

import { fromCanvas } from "./pixels.js";

const LARGEST_FILE = 200_000_000; // bytes, as labkit.base.pictures
const LARGEST = 50_000_000; // pixels, as there
const DRAWN = 4_000_000; // pixels of the canvas: ten times what is searched, and little memory

/**
 * The sentence of the question that stands in the way, the one at which labkit.base.consent stops;
 * empty when nothing does.
 * `questions`: [{ name, open, no }], `answers`: name -> "yes", "no", "does not apply" or "".
 */
export function inTheWay(questions, answers) {
  for (const { name, mayNotApply, open, no } of questions) {
    const answer = answers[name] ?? "";
    if (answer === "yes" || (answer === "does not apply" && mayNotApply)) continue;
    return answer === "no" ? no : open;
  }
  return "";
}

/** A file as a picture, upright by its EXIF data, laid on white; fails with a key of the words. */
export async function read(file) {
  if (!file.size) throw new Error("empty");
  if (file.size > LARGEST_FILE) throw new Error("heavy");
  const image = await opened(file);
  try {
    const size = image.width * image.height;
    if (!size) throw new Error("no_picture");
    if (size > LARGEST) throw new Error("large");
    return drawn(image, Math.min(1, Math.sqrt(DRAWN / size)));
  } finally {
    image.close();
  }
}

async function opened(file) {
  const options = { imageOrientation: "from-image", colorSpaceConversion: "none" };
  try {
    return await createImageBitmap(file, options);
  } catch {
    // A browser that knows no options still reads the file; one that cannot read it says so again.
    return createImageBitmap(file).catch(() => {
      throw new Error("no_picture");
    });
  }
}

/** The numbers of an image, drawn on white. */
export function drawn(image, share = 1) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * share));
  canvas.height = Math.max(1, Math.round(image.height * share));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return fromCanvas(context.getImageData(0, 0, canvas.width, canvas.height));
}

/** A picture that the page ships, from its address within the page (data:). */
export function shipped(address) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(drawn(image));
    image.onerror = () => reject(new Error("no_picture"));
    image.src = address;
  });
}
