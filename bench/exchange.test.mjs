import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Exchange } from "./exchange.mjs";

test("a workload's arrays are handed over as raw bytes, and removed in the end", () => {
  const exchange = new Exchange();
  const data = () => ({ examples: 2, features: 1, outputs: 1, x: Float32Array.of(1, -2), labels: Int32Array.of(7, 8) });
  const workload = { id: "w", batch: 2, data };
  const path = exchange.file(workload);
  const described = JSON.parse(readFileSync(path, "utf8"));
  assert.deepEqual(Object.keys(described.data.arrays), ["x", "labels"]);
  const { x, labels } = described.data.arrays;
  assert.deepEqual([x.dtype, labels.dtype], ["float32", "int32"]);
  assert.deepEqual([...new Float32Array(new Uint8Array(readFileSync(x.path)).buffer)], [1, -2]);
  assert.deepEqual([...new Int32Array(new Uint8Array(readFileSync(labels.path)).buffer)], [7, 8]);
  assert.equal(exchange.describe(workload), exchange.describe(workload)); // written once
  exchange.end();
  assert.ok(!existsSync(path) && !existsSync(x.path));
});
