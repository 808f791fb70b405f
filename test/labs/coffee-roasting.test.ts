import { layers, sequential, setFloatx, type Tensor, tensor } from "gradwise";
import { beforeAll, describe, expect, test } from "vitest";
import { lacks, loadNpz } from "./lab-data.ts";

// Notes 000 and 003: a roast is good within a triangle of temperature and minutes.

describe.skipIf(lacks("coffee.npz"))("coffee roasting", () => {
  let lab: Record<string, Tensor> = {};
  let normalised = (x: Tensor): Tensor => x;
  beforeAll(() => {
    setFloatx("float64");
    lab = loadNpz("coffee.npz");
    const [mean, std] = [lab["X"].mean({ axis: 0 }), lab["X"].std({ axis: 0 })];
    normalised = (x) => x.sub(mean).div(std);
  });

  test("normalisation gives the lab's ranges", () => {
    const digits = (x: Tensor): string[] => Array.from<number, string>(x.dataSync(), (value) => value.toFixed(2));
    const range = (x: Tensor): string[] => [x.max({ axis: 0 }), x.min({ axis: 0 })].flatMap(digits);
    expect(lab["X"].shape).toEqual([200, 2]);
    // The greatest temperature and minutes, then the least.
    expect(range(lab["X"])).toEqual(["284.99", "15.45", "151.32", "11.51"]);
    expect(range(normalised(lab["X"]))).toEqual(["1.66", "1.79", "-1.69", "-1.70"]);
  });

  test("2 -> 3 -> 1 sigmoid units roast as the lab's weights say", async () => {
    const net = sequential([
      layers.input({ shape: [2] }),
      layers.dense({ units: 3, activation: "sigmoid", name: "layer1" }),
      layers.dense({ units: 1, activation: "sigmoid", name: "layer2" }),
    ]);
    expect(net.countParams()).toBe(13);
    net.setWeights(["W1", "b1", "W2", "b2"].map((name) => lab[name]));
    const roasts = tensor([
      [200, 13.9],
      [200, 17],
    ]);
    const predictions: Float64Array = (await net.predict(normalised(roasts))).dataSync();
    expect(Array.from(predictions, (p) => p.toExponential(2))).toEqual(["9.63e-1", "3.03e-8"]);
  });
});
