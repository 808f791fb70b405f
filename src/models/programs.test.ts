import { beforeAll, describe, expect, it } from "vitest";
import { freshGradwise, type Gradwise } from "../../test/support/fresh-gradwise.ts";
import { smallData } from "../../test/support/small-data.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Model } from "./model.ts";

const MIB = 2 ** 20;
const { x } = smallData(40);

function made(model: Model): number {
  return model.trainer?.programs.made ?? -1;
}

describe("programs", () => {
  let gw: Gradwise;
  beforeAll(async () => {
    gw = await freshGradwise({});
  });

  it("are one a batch size; fitting again, other data of one shape, and other learning rates make none", async () => {
    const { layers, optimizers, sequential } = gw;
    const optimizer = optimizers.sgd({ learningRate: 0.1 });
    const model: Model = sequential([layers.dense({ units: 3 })], { seed: 1 });
    model.compile({ optimizer, loss: "mse" });
    const target = gw.ones([40, 3]);
    await model.fit(x, target, { epochs: 2, batchSize: 16, verbose: 0 });
    expect(made(model)).toBe(2); // 16, 16 and 8
    optimizer.learningRate = 0;
    const before = model.getWeights().map((w) => w.arraySync());
    await model.fit(x, target, { epochs: 3, batchSize: 16, verbose: 0 });
    expect(model.getWeights().map((w) => w.arraySync())).toEqual(before);
    optimizer.learningRate = 0.1;
    await model.fit(gw.ones([40, 4]), gw.zeros([40, 3]), { batchSize: 16, verbose: 0 });
    expect(model.getWeights().map((w) => w.arraySync())).not.toEqual(before);
    expect(made(model)).toBe(2);
    await model.evaluate(x, target);
    await model.evaluate(x, target);
    expect(made(model)).toBe(3);
    await model.fit(x, target, { batchSize: 10, verbose: 0 });
    expect(made(model)).toBe(4);
  });

  it("are compiled again when a layer is frozen, and found again when it is not", async () => {
    const { layers, sequential } = gw;
    const first = layers.dense({ units: 5, activation: "tanh" });
    const model: Model = sequential([first, layers.dense({ units: 3 })], { seed: 1 });
    model.compile({ optimizer: "adam", loss: "mse" });
    const fit = async (): Promise<boolean[]> => {
      const before = model.getWeights();
      await model.fit(x, gw.ones([40, 3]), { batchSize: 40, verbose: 0 });
      return model.getWeights().map((w, i) => String(w) !== String(before[i]));
    };
    model.build([null, 4]);
    expect(await fit()).toEqual([true, true, true, true]);
    first.trainable = false;
    expect(await fit()).toEqual([false, false, true, true]);
    expect(made(model)).toBe(2);
    first.trainable = true;
    expect(await fit()).toEqual([true, true, true, true]);
    expect(made(model)).toBe(2);
    for (const layer of model.layers) layer.trainable = false;
    await expect(fit()).rejects.toThrow(
      'sequential "sequential": no weight can be trained. Set trainable on a layer that has weights.',
    );
  });

  it("read data that stay in the heap: the same tensors are not copied again", async () => {
    const { layers, sequential } = gw;
    const model: Model = sequential([layers.dense({ units: 3 })]);
    model.compile({ loss: "mse" });
    const [data, target] = [gw.tensor(x), gw.ones([40, 3])];
    await model.fit(data, target, { verbose: 0 });
    const samples = { x: data, y: target, weight: null };
    const programs = model.trainer?.programs;
    const used = new Set<unknown>();
    for (let i = 0; i < 2; i++) {
      await programs?.withData("fit", samples, async (feed) => {
        used.add(feed);
        // While it is in use, others of its shape get a feed of their own.
        await programs.withData("fit", { ...samples, x: gw.zeros([40, 4]) }, async (other) => {
          expect(other).not.toBe(feed);
          expect(feed.holds(samples)).toBe(true);
        });
      });
    }
    expect(used.size).toBe(1);
  });
});

describe("a heap that is too small", () => {
  const wide = async (maximumMiB: number): Promise<{ gw: Gradwise; model: Model }> => {
    const gw = await freshGradwise({ maximumBytes: maximumMiB * MIB });
    const { layers, sequential } = gw;
    const model: Model = sequential([layers.dense({ units: 512, activation: "tanh" }), layers.dense({ units: 2 })]);
    return { gw, model: model.compile({ optimizer: "sgd", loss: "mse" }) };
  };
  const thrown = async (call: Promise<unknown>): Promise<Error> =>
    call.then(
      () => new Error("nothing was thrown"),
      (error) => error,
    );

  it("names the peak, the limit and a batch size that fits, which then does", async () => {
    const { gw, model } = await wide(16);
    const [data, target] = [gw.ones([20_000, 4]), gw.ones([20_000, 2])];
    const error = await thrown(model.fit(data, target, { batchSize: 20_000, verbose: 0 }));
    expect(error).toBeInstanceOf(gw.MemoryError);
    const message =
      /^sequential "sequential": a train step of 20000 samples takes (\S+) MiB at its peak, but only (\S+) MiB of the heap's limit of 16\.0 MiB are free\. Use a batchSize of at most (\d+)\.$/;
    expect(error.message).toMatch(message);
    const [, peak, free, fits] = (message.exec(error.message) ?? []).map(Number) as [number, number, number, number];
    expect(peak).toBeGreaterThan(16);
    expect(free).toBeLessThan(16);
    expect(fits).toBeGreaterThan(500);
    await model.fit(data, target, { batchSize: fits, verbose: 0 });
    const more = await thrown(model.fit(data, target, { batchSize: fits + 100, verbose: 0 }));
    expect(more.message).toContain(`Use a batchSize of at most`);
    const predicted = await thrown(model.predict(data, { batchSize: 20_000 }));
    expect(predicted.message).toMatch(/a predict step of 20000 samples takes .* Use a batchSize of at most \d+\.$/);
    const streamed = await thrown(model.fit([{ x: data, y: target }], { verbose: 0 }));
    expect(streamed.message).toMatch(/a train step of 20000 samples .* Give batches of at most \d+ samples\.$/);
  });

  it("says so where not even one sample fits, and where the data do not", async () => {
    const { gw, model } = await wide(2);
    const large = [4, 2].map((width) => gw.tensor(new Float32Array(200_000 * width), { shape: [200_000, width] })) as [
      Tensor,
      Tensor,
    ];
    const data = await thrown(model.fit(...large, { verbose: 0 }));
    expect(data.message).toMatch(
      /^fit: data of float32 \(200000, 4\) and float32 \(200000, 2\) do not fit: the heap is full: .* Or give them batch by batch: fit\(function\* \(\) \{ yield \{ x, y \}; \}\)\.$/,
    );
    const huge = gw.sequential([gw.layers.dense({ units: 100_000 }), gw.layers.dense({ units: 1 })]);
    const built = await thrown(huge.compile({ loss: "mse" }).fit([[1]], [[1]], { verbose: 0 }));
    expect(built).toBeInstanceOf(gw.MemoryError);
    expect(built.message).toMatch(/the heap is full|Not even one sample fits/);
  });
});
