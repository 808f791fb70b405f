import process from "node:process";
import { expect, it, vi } from "vitest";
import { engine } from "../engine/engine.ts";
import { layers, sequential, tensor } from "../index.ts";

const ROWS = 32_000;
const x = tensor(new Float32Array(ROWS * 2).fill(0.5), { shape: [ROWS, 2] });
const y = tensor(new Float32Array(ROWS), { shape: [ROWS, 1] });

it("copies, allocates and views nothing for data, epochs and predictions that it has seen", async () => {
  const model = sequential([layers.dense({ units: 3 }), layers.dense({ units: 1 })], { seed: 1 });
  model.compile({ optimizer: "sgd", loss: "mse" });
  const row = tensor([[1, 2]]);
  const work = async (): Promise<void> => {
    await model.fit(x, y, { epochs: 3, verbose: 0 });
    await model.predict(row);
  };
  await work();
  const { heap } = engine();
  const { usedBytes } = heap;
  const calls = [vi.spyOn(heap, "view"), vi.spyOn(heap, "allocate")];
  await work();
  expect(calls.map((spy) => spy.mock.calls.length)).toEqual([0, 0]);
  expect(heap.usedBytes).toBe(usedBytes);
  vi.restoreAllMocks();
});

/** JavaScript's bytes that `body` leaves behind, as the median of several runs, none of which is long enough for a collection. */
async function bytesOf(body: () => Promise<unknown>): Promise<number> {
  const runs: number[] = [];
  for (let run = 0; run < 9; run++) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    await body();
    runs.push(process.memoryUsage().heapUsed - before);
  }
  return runs.sort((a, b) => a - b)[4] as number;
}

/**
 * What `measure` gives at least: the engine's own objects are there each time, what V8 makes while it still compiles, long
 * after the warm-up on a slow machine, is not. It goes on only while there is more than `enough`.
 */
async function least(enough: number, measure: () => Promise<number>): Promise<number> {
  let bytes = await measure();
  for (let again = 0; again < 9 && bytes >= enough; again++) bytes = Math.min(bytes, await measure());
  return bytes;
}

it("makes no JavaScript objects for a step, and few for a prediction", async () => {
  const model = sequential([layers.dense({ units: 3 }), layers.dense({ units: 1 })], { seed: 1 });
  model.compile({ optimizer: "adam", loss: "mse", metrics: ["mae"] });
  const steps = (count: number) => () =>
    model.fit(x, y, { batchSize: ROWS / count, epochs: 1, shuffle: false, verbose: 0 });
  const [few, many] = [steps(100), steps(4000)];
  for (let warm = 0; warm < 30; warm++) for (const fit of [few, many]) await fit();
  const aStep = async () => ((await bytesOf(many)) - (await bytesOf(few))) / 3900;
  expect(await least(32, aStep)).toBeLessThan(32);

  const row = tensor([[1, 2]]);
  const predictions = (count: number) => async () => {
    for (let at = 0; at < count; at++) await model.predict(row);
  };
  await predictions(5000)();
  const aPrediction = async () => (await bytesOf(predictions(200))) / 200;
  expect(await least(2500, aPrediction)).toBeLessThan(2500);
});
