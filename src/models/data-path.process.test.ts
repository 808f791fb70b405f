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
