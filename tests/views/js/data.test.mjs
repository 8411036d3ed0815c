// What Python packed arrives as it was, however it was sent.

import assert from "node:assert/strict";
import test from "node:test";
import { inflate } from "../../../labkit/views/explorers/inflate.js";
import { block, cases } from "./helpers.mjs";

const { data, arrays } = cases.packed;
const found = block(data);

for (const [name, wanted] of Object.entries(arrays)) {
  test(`an array arrives as it was: ${name}`, () => {
    const { buffer, byteOffset, byteLength } = found[name];
    assert.ok(Buffer.from(wanted, "base64").equals(Buffer.from(buffer, byteOffset, byteLength)));
  });
}

test("bytes that were not deflated are refused", () => {
  assert.throws(() => inflate(new Uint8Array([0xfd, 0xff, 0xff, 0xff, 0xff]), 10));
});
