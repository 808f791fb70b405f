import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleProgram } from "../../test/support/bundle-program.ts";

const MIB = 2 ** 20;
const WARM = 200;
const MODELS = 300;

/** Models fitted a step and dropped, in a process of their own: a test runner's keeps more with each than they do. */
const PROGRAM = `
import { setImmediate } from "node:timers/promises";
const { engine, layers, sequential, tensor } = await import("gradwise");
const pixels = new Float32Array(32 * 784).fill(0.5);
const labels = new Int32Array(32);
const kept = [];
async function resident() {
  for (let turn = 0; turn < 4; turn++) {
    gc();
    await setImmediate();
  }
  return process.memoryUsage().rss;
}
let early = 0;
for (let at = 0; at < ${MODELS}; at++) {
  // Sizes of its own for every third model, so that nothing is found in a cache.
  const units = 128 + (at % 3 === 0 ? at % 90 : 0);
  const list = [
    layers.dense({ units, activation: "relu" }),
    layers.dropout({ rate: 0.1 }),
    layers.dense({ units: 10 }),
  ];
  const model = sequential([...list, layers.activation({ activation: "softmax" })]);
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  await model.fit(tensor(pixels, { shape: [32, 784] }), tensor(labels), { verbose: 0 });
  await model.predict(tensor(pixels, { shape: [32, 784] }));
  if (process.env.KEEP) kept.push(model);
  await setImmediate();
  // V8 takes what it keeps of code and of young objects at first.
  if (at === ${WARM}) early = await resident();
}
const grown = (await resident()) - early;
const heap = Number(/([\\d.]+) MiB/.exec(engine.describe())[1]);
console.log(JSON.stringify({ grown, heap }));
`;

let folder = "";
let program = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gradwise-memory-"));
  program = await bundleProgram(folder, { code: PROGRAM });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(env: Record<string, string>): Promise<{ grown: number; heap: number }> {
  const flags = ["--expose-gc", "--max-semi-space-size=2"];
  const options = { env: { ...process.env, NODE_OPTIONS: "", ...env }, timeout: 120_000 };
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program], options);
  return JSON.parse(stdout) as { grown: number; heap: number };
}

it.each(["1", "2"])(
  "100 models, fitted a step and dropped, leave less than 20 MB behind on %s threads",
  async (threads) => {
    const { grown, heap } = await run({ GRADWISE_THREADS: threads });
    expect(grown).toBeLessThan(20 * MIB);
    // Weights, slots, data and tables have been given back: 2.4 MB a model.
    expect(heap).toBeLessThan(40);
  },
  300_000,
);

it("models that are kept would be seen", async () => {
  const { grown } = await run({ KEEP: "1" });
  expect(grown).toBeGreaterThan(100 * MIB);
}, 300_000);
