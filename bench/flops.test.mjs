import assert from "node:assert/strict";
import { test } from "node:test";
import { loadWorkloads } from "./catalogue.mjs";
import { flopsOf } from "./flops.mjs";
import { digitsCnn, digitsMlp } from "./nets.mjs";

const count = (task, net) => flopsOf({ task, net });

test("a product of n x n takes 2 n^3", () => {
  assert.equal(flopsOf({ task: "product", side: 10 }), 2000);
});

test("predicting takes each product once", () => {
  assert.equal(count("predict", digitsMlp), 2 * 784 * 128 + 2 * 128 * 10);
});

test("training takes each product three times, but no gradient of the data", () => {
  assert.equal(count("train", digitsMlp), 2 * (2 * 784 * 128) + 3 * (2 * 128 * 10));
});

test("a convolution's operations by hand", () => {
  const [first, second] = [2 * 9 * 1 * 26 * 26 * 32, 2 * 9 * 32 * 11 * 11 * 64];
  const dense = 2 * 1600 * 128 + 2 * 128 * 10;
  assert.equal(count("predict", digitsCnn), first + second + dense);
  assert.equal(count("train", digitsCnn), 2 * first + 3 * (second + dense));
});

test("a recurrent layer that comes first has gradients of its state, not of the data", () => {
  const net = { inputShape: [100, 16], layers: [{ type: "lstm", units: 64 }] };
  assert.equal(count("train", net), 100 * 2 * 256 * (2 * 16 + 3 * 64));
});

test("what follows an embedding has input gradients", () => {
  const net = {
    inputShape: [4],
    layers: [
      { type: "embedding", inputDim: 9, outputDim: 8 },
      { type: "dense", units: 3 },
    ],
  };
  assert.equal(count("train", net), 3 * 2 * 4 * 8 * 3);
});

test("every workload's operations can be counted", async () => {
  for (const workload of await loadWorkloads()) assert.ok(flopsOf(workload) > 0, workload.id);
});
