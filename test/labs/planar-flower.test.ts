import { layers, optimizers, sequential, setFloatx, type Tensor } from "gradwise";
import { beforeAll, describe, expect, test } from "vitest";
import { lacks, loadNpz } from "./lab-data.ts";

// Note 004, section 2, and note 002 C: a flower of two colours, one hidden layer.

/** What the lab prints of the cost, every 1,000 steps; after 7,000 the last bits of the sums decide. */
const PRINTED = ["0.693048", "0.288083", "0.254385", "0.233864", "0.226792", "0.222644", "0.219731", "0.217504"];

const FULL_BATCH = { batchSize: 400, shuffle: false, verbose: 0 } as const;

describe.skipIf(lacks("planar-flower.npz"))("planar flower", () => {
  let [x, y, W1, b1, W2, b2]: Tensor[] = [];
  beforeAll(() => {
    setFloatx("float64");
    const lab = loadNpz("planar-flower.npz");
    expect([lab["X"].shape, lab["Y"].shape]).toEqual([
      [2, 400],
      [1, 400],
    ]);
    // The note's columns are examples; here rows are, and a layer computes x W rather than W x.
    [x, y, W1, b1, W2, b2] = ["X", "Y", "W1", "b1", "W2", "b2"].map((name) => lab[name].transpose());
  });

  test("4 tanh units print the lab's costs, and read about 90 %", async () => {
    const net = sequential([
      layers.dense({ units: 4, activation: "tanh" }),
      layers.dense({ units: 1, activation: "sigmoid" }),
    ]);
    net.build([null, 2]).setWeights([W1, b1.flatten(), W2, b2.flatten()]);
    const model = net.compile({
      optimizer: optimizers.sgd({ learningRate: 1.2 }),
      loss: "binaryCrossentropy",
      metrics: ["accuracy"],
    });
    const { history } = await model.fit(x, y, { epochs: 7001, ...FULL_BATCH });
    expect(PRINTED.map((_, i) => history.loss[1000 * i].toFixed(6))).toEqual(PRINTED);
    expect(model.getWeights().map((weight) => weight.dtype)).toEqual(new Array(4).fill("float64"));
    const { accuracy } = await model.evaluate(x, y);
    expect(accuracy).toBeGreaterThan(0.895);
    expect(accuracy).toBeLessThan(0.915);
  });

  test("a logistic regression alone reads 47 %: no line parts the petals", async () => {
    const line = sequential([layers.dense({ units: 1, activation: "sigmoid", kernelInitializer: "zeros" })]);
    const model = line.compile({ optimizer: "sgd", loss: "binaryCrossentropy", metrics: ["accuracy"] });
    await model.fit(x, y, { epochs: 2000, ...FULL_BATCH });
    expect((await model.evaluate(x, y)).accuracy).toBe(0.47);
  });
});
