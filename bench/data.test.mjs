import assert from "node:assert/strict";
import { test } from "node:test";
import { loadWorkloads } from "./catalogue.mjs";
import { tokens, waves } from "./data.mjs";

test("a seed gives the same data every time, and another seed other data", () => {
  const make = (seed) => waves({ seed, examples: 3, steps: 10, features: 2 });
  assert.deepEqual(make(1), make(1));
  assert.notDeepEqual(make(1).x, make(2).x);
});

test("tokens are whole numbers of the vocabulary, and their labels one-hot", () => {
  const { x, y, labels } = tokens({ seed: 1, examples: 50, length: 8, vocabulary: 64, classes: 4 });
  assert.ok(x.every((value) => value >= 0 && value < 64));
  labels.forEach((label, row) => {
    assert.deepEqual(
      [...y.subarray(4 * row, 4 * row + 4)],
      [0, 1, 2, 3].map((k) => (k === label ? 1 : 0)),
    );
  });
});

test("every workload's data are finite, as large as its net says, and whole batches", async () => {
  for (const { id, data, net, batch, side } of await loadWorkloads()) {
    if (!data) continue;
    const { x, y, examples, features, outputs } = data();
    assert.ok(x.every(Number.isFinite) && y.every(Number.isFinite), id);
    assert.equal(features, side ? side * side : net.inputShape.reduce((a, b) => a * b), id);
    assert.equal(x.length, examples * features, id);
    assert.equal(y.length, examples * outputs, id);
    assert.equal(examples % batch, 0, id);
  }
});
