import { expect, it } from "vitest";
import { growth, resident } from "../../test/support/memory-growth.ts";
import { threadedEngine } from "../../test/support/threaded-engine.ts";
import { engine } from "../engine/engine.ts";
import { layers, sequential, tensor } from "../index.ts";

const MIB = 2 ** 20;

it("is within 20 MB of what it was after the first tenth of 100 models, fitted a step and dropped", async () => {
  // A worker thread takes some 10 MB once, when there is work for it: before anything is measured.
  await threadedEngine(2, engine());
  const pixels = new Float32Array(32 * 784).fill(0.5);
  const labels = new Int32Array(32);
  let used = 0;
  const grown = await growth(
    100,
    async (at) => {
      // Sizes of its own for every third model, so that nothing is found in a cache.
      const units = 128 + (at % 3 === 0 ? at : 0);
      const list = [
        layers.dense({ units, activation: "relu" }),
        layers.dropout({ rate: 0.1 }),
        layers.dense({ units: 10 }),
      ];
      const model = sequential([...list, layers.activation({ activation: "softmax" })]);
      model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
      await model.fit(tensor(pixels, { shape: [32, 784] }), tensor(labels), { verbose: 0 });
      await model.predict(tensor(pixels, { shape: [32, 784] }));
      if (at === 10) {
        await resident();
        used = engine().heap.usedBytes;
      }
    },
    1,
  );
  expect(grown).toBeLessThan(20 * MIB);
  // Weights, slots, data and tables have been given back: 2.4 MB a model.
  expect(engine().heap.usedBytes - used).toBeLessThan(5 * MIB);
}, 300_000);
