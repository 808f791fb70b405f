import { expect, it } from "vitest";
import { memoryGrowth } from "../../test/support/memory-growth.ts";

const MIB = 2 ** 20;

const MODELS = {
  setup: `
    import { layers, sequential, tensor } from "gradwise";
    const pixels = new Float32Array(32 * 784).fill(0.5);
    const labels = new Int32Array(32);
    const kept = [];
  `,
  // Sizes of its own for every third model, so that nothing is found in a cache.
  round: `
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
  `,
  warm: 200,
  rounds: 100,
};

it.each(["1", "2"])(
  "100 models, fitted a step and dropped, leave less than 20 MB behind on %s threads",
  async (threads) => {
    const { grown, heap } = await memoryGrowth(MODELS, { GRADWISE_THREADS: threads });
    expect(grown).toBeLessThan(20 * MIB);
    // Weights, slots, data and tables have been given back: 2.4 MB a model.
    expect(heap).toBeLessThan(40);
  },
  300_000,
);

it("models that are kept would be seen", async () => {
  expect((await memoryGrowth(MODELS, { KEEP: "1" })).grown).toBeGreaterThan(100 * MIB);
}, 300_000);
