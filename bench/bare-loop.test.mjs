import assert from "node:assert/strict";
import { test } from "node:test";
import { bareLoops } from "./bare-loop.mjs";

test("the loops written by hand are valid, run, and count their operations", () => {
  const { multiplyAdd, fma } = bareLoops();
  assert.equal(multiplyAdd.length, 3);
  assert.ok(fma.length === 0 || fma.length === 3);
  // 8, 12 and 13 chains of 4 lanes, a product and a sum each.
  const [least, ...others] = multiplyAdd.map((run) => run());
  assert.deepEqual(
    others.map((operations) => operations / least),
    [12 / 8, 13 / 8],
  );
});
