import { beforeAll, describe, expect, it } from "vitest";
import { freshGradwise, type Gradwise } from "../../test/support/fresh-gradwise.ts";

const MIB = 2 ** 20;

describe("in a heap of 12 MiB", () => {
  let gw: Gradwise;
  beforeAll(async () => {
    gw = await freshGradwise({ maximumBytes: 12 * MIB });
  });

  it("models that nobody holds make room, with nothing but await in between", async () => {
    const { layers, sequential } = gw;
    const [x, y] = [
      gw.tensor(new Float32Array(8 * 256), { shape: [8, 256] }),
      gw.tensor(new Float32Array(8 * 256), { shape: [8, 256] }),
    ];
    // Each has 0.5 MiB of weights and gradients' slots: all of them together are more than the heap twice over.
    for (let i = 0; i < 40; i++) {
      const model = sequential([layers.dense({ units: 256 }), layers.dense({ units: 256 })]);
      await model.compile({ optimizer: "sgd", loss: "mse" }).fit(x, y, { verbose: 0 });
      await model.predict(x);
      if (i % 10 === 0) await gw.loadModel(await model.toBytes());
    }
  });

  it("data that are not in use make room", async () => {
    const { layers, sequential } = gw;
    const model = sequential([layers.dense({ units: 1 })]).compile({ optimizer: "sgd", loss: "mse" });
    const dataOf = (rows: number) =>
      [
        gw.tensor(new Float32Array(rows), { shape: [rows, 1] }),
        gw.tensor(new Float32Array(rows), { shape: [rows, 1] }),
      ] as const;
    for (let i = 0; i < 5; i++) {
      const [x, y] = dataOf(500_000 + i); // 3.8 MiB, and 1.9 MiB for the order
      await model.fit(x, y, { batchSize: 50_000, verbose: 0 });
    }
  });

  it("what is held makes none, and the error comes soon", async () => {
    const { layers, sequential } = gw;
    const held = [];
    const started = performance.now();
    const fill = async (): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        const model = sequential([layers.dense({ units: 256 }), layers.dense({ units: 256 })]);
        held.push(model);
        await model
          .compile({ optimizer: "sgd", loss: "mse" })
          .fit(gw.zeros([1, 256]), gw.zeros([1, 256]), { verbose: 0 });
      }
    };
    await expect(fill()).rejects.toThrow(gw.MemoryError);
    expect(held.length).toBeGreaterThan(10);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
