import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { ENGINES, REFERENCE } from "../../test/support/engines.ts";
import { compile } from "../engine/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import { batchNormalization } from "./batch-normalization.ts";

testLayer({
  name: "batchNormalization",
  make: (options) =>
    batchNormalization({ gammaInitializer: "randomNormal", movingMeanInitializer: "randomNormal", ...options }),
  shapes: [
    [
      [3, 2, 5],
      [3, 2, 5],
    ],
    [
      [3, 4],
      [3, 4],
    ],
  ],
  weights: [[5], [5], [5], [5]],
  training: () => ({ training: true }),
});

const X = [[1, 10], [3, 30]]; // biome-ignore format: rows

describe.each(ENGINES)("batchNormalization on $name", ({ use }) => {
  it("uses the batch in training and takes it into its averages, eagerly and in programs", () => {
    use(() => {
      const layer = batchNormalization({ momentum: 0.75, epsilon: 1e-7 });
      const step = compile((x: Tensor): Tensor => layer.apply(x, { training: true }));
      layer.ensureBuilt([null, 2]);
      const moving = (): number[][] =>
        layer
          .getWeights()
          .slice(2)
          .map((w) => [...w.dataSync()]);
      expect(moving()).toEqual([[0, 0], [1, 1]]); // biome-ignore format: rows
      const y = layer.apply(tensor(X), { training: true });
      y.dataSync().forEach((value: number, i: number) => {
        expect(value).toBeCloseTo(i < 2 ? -1 : 1, 5);
      });
      expect(moving()).toEqual([[0.5, 5], [1, 25.75]]); // biome-ignore format: rows
      step(tensor(X));
      expect(moving()).toEqual([[0.875, 8.75], [1, 44.3125]]); // biome-ignore format: rows
    });
  });

  it("uses the averages otherwise, and leaves them alone", () => {
    use(() => {
      const layer = batchNormalization({ epsilon: 0.25 });
      layer.ensureBuilt([null, 2]);
      const [gamma, beta] = [Float32Array.of(2, 1), Float32Array.of(0, 5)];
      layer.setWeights([gamma, beta, Float32Array.of(1, 10), Float32Array.of(0.75, 99.75)]);
      const want = [[0, 5], [4, 7]]; // biome-ignore format: rows
      expect(layer.apply(tensor(X)).arraySync()).toEqual(want);
      layer.trainable = false;
      expect(layer.apply(tensor(X), { training: true }).arraySync()).toEqual(want);
      expect([...layer.getWeights()[2].dataSync()]).toEqual([1, 10]);
    });
  });
});

describe("batchNormalization", () => {
  it("trains gamma and beta alone, where it has them", () => {
    REFERENCE.use(() => {
      const names = (layer: ReturnType<typeof batchNormalization>) => {
        layer.ensureBuilt([null, 3, 2]);
        return [layer.variables.map((v) => v.name), layer.trainableVariables.map((v) => v.name)];
      };
      expect(names(batchNormalization())).toEqual([
        ["gamma", "beta", "moving_mean", "moving_variance"],
        ["gamma", "beta"],
      ]);
      expect(names(batchNormalization({ center: false, scale: false }))).toEqual([
        ["moving_mean", "moving_variance"],
        [],
      ]);
      const second = batchNormalization({ axis: 1 });
      second.ensureBuilt([null, 3, 2]);
      expect(second.countParams()).toBe(12);
    });
  });

  it("refuses axes, momentums and epsilons that are none", () => {
    REFERENCE.use(() => {
      expect(() => batchNormalization({ name: "a" }).apply(ones([3]) as Tensor)).toThrow(
        'batch_normalization "a": expected an input of rank >= 2, got shape (3,). Add a batch axis.',
      );
      expect(() => batchNormalization({ axis: 0 }).apply(ones([3, 2]))).toThrow("axis 0 is the batch.");
    });
    for (const momentum of [-0.1, 1.5, Number.NaN])
      expect(() => batchNormalization({ momentum })).toThrow("expected a momentum from 0 to 1");
    expect(() => batchNormalization({ epsilon: 0 })).toThrow("expected an epsilon above 0, got 0. Try 1e-3.");
  });
});
