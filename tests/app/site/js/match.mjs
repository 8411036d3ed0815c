// What the scripts of "Match two faces" make of the cases in a file, as JSON: run by test_match.py.

import { readFileSync, writeFileSync } from "node:fs";

const [, , folder, asked, answered] = process.argv;
const module = (name) => import(`${folder}/${name}.js`);
const [align, pixels, photo, pieces, upright, yunet] = await Promise.all(
  ["align", "pixels", "photo", "pieces", "upright", "yunet"].map(module),
);

const picture = ({ width, height, data }) => ({ width, height, data: pieces.binary(data) });
const given = ({ width, height, data }) => ({
  width,
  height,
  data: Buffer.from(data).toString("base64"),
});

const DO = {
  chip: ({ of, points }) => given(align.chip(picture(of), points)),
  smaller: ({ of, width, height }) => given(pixels.smaller(picture(of), width, height)),
  turned: ({ of, degrees }) => given(upright.turned(picture(of), degrees)),
  warped: ({ of, map, width, height }) => given(pixels.warped(picture(of), map, width, height)),
  back: ({ of, degrees, points }) => points.map(upright.back(of, degrees)),
  consent: ({ questions, answers }) => photo.inTheWay(questions, answers),
  faces: async ({ outputs, width, height, rules }) => {
    const detect = async () => outputs;
    return yunet.faces(pixels.blank(width, height), detect, rules);
  },
  lies: async ({ scores, rules }) => {
    // A detector whose score hangs on how often it was asked: one angle after the other.
    let asks = 0;
    const detect = async (_planes, wide, high) => one(scores[asks++], wide, high);
    return upright.lies(pixels.blank(64, 64), detect, rules);
  },
};

/** What a network gives that sees one face, in the first place. */
function one(score, wide, high) {
  const out = {};
  for (const stride of [8, 16, 32]) {
    const places = (wide / stride) * (high / stride);
    for (const [name, size] of Object.entries({ cls: 1, obj: 1, bbox: 4, kps: 10 })) {
      out[`${name}_${stride}`] = new Float32Array(places * size);
    }
  }
  out.cls_8[0] = score;
  out.obj_8[0] = score;
  return out;
}

const results = [];
for (const { does, ...rest } of JSON.parse(readFileSync(asked, "utf-8"))) {
  results.push(await DO[does](rest));
}
writeFileSync(answered, JSON.stringify(results));
