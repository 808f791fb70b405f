import { layers, losses, type Model, optimizers, sequential, setFloatx, type Tensor } from "gradwise";
import { beforeAll, describe, expect, test } from "vitest";
import { lacks, loadNpz } from "./lab-data.ts";

// Notes 000 and 003: softmax in the last layer, or, to be preferred, in the loss.

/** 25, 15 and 4 units; the same seed gives both models the same first weights. */
function blobModel(preferred: boolean): Model {
  const net: Model = sequential(
    [
      layers.input({ shape: [2] }),
      layers.dense({ units: 25, activation: "relu" }),
      layers.dense({ units: 15, activation: "relu" }),
      layers.dense({ units: 4, activation: preferred ? "linear" : "softmax" }),
    ],
    { seed: 0 },
  );
  const loss = losses.sparseCategoricalCrossentropy({ fromLogits: preferred });
  return net.compile({ optimizer: optimizers.adam({ learningRate: 1e-3 }), loss, metrics: ["accuracy"] });
}

const greatest = (x: Tensor): number => Number(x.abs().max());

describe.skipIf(lacks("four-blobs.npz"))("softmax on four blobs", () => {
  let [x, y, logits, probabilities]: Tensor[] = [];
  beforeAll(async () => {
    setFloatx("float64");
    const lab = loadNpz("four-blobs.npz");
    [x, y] = [lab["X"], lab["y"]];
    [logits, probabilities] = await Promise.all(
      [true, false].map(async (preferred) => {
        const net = blobModel(preferred);
        await net.fit(x, y, { epochs: 10, seed: 0, verbose: 0 });
        return net.predict(x);
      }),
    );
  });

  test("the points are the lab's", () => {
    expect([x.shape, x.dtype, y.shape]).toEqual([[2000, 2], "float64", [2000]]);
    expect([...y.slice([0, 10]).dataSync()]).toEqual([2, 0, 0, 1, 2, 2, 1, 0, 1, 3]);
  });

  test("the preferred and the naive model agree on the class, and read nearly all", () => {
    const [preferred, naive] = [logits, probabilities].map((output) => output.argMax({ axis: 1 }).dataSync());
    expect([logits.dtype, probabilities.dtype]).toEqual(["float64", "float64"]);
    expect(preferred).toEqual(naive);
    const labels: Int32Array = y.dataSync();
    expect(labels.filter((label, i) => label === preferred[i]).length / 2000).toBeGreaterThan(0.97);
  });

  test("logits are no probabilities until the softmax", () => {
    const isDistribution = (output: Tensor): boolean =>
      Number(output.min()) >= 0 && greatest(output.sum({ axis: 1 }).sub(1)) < 1e-12;
    expect([logits, probabilities, logits.softmax()].map(isDistribution)).toEqual([false, true, true]);
    expect(greatest(logits.softmax().sub(probabilities))).toBeLessThan(1e-9);
  });
});
