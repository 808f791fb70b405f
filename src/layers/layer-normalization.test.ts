import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import { layerNormalization } from "./layer-normalization.ts";

testLayer({
  name: "layerNormalization",
  make: (options) => layerNormalization({ gammaInitializer: "randomNormal", ...options }),
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
  weights: [[5], [5]],
});

describe("layerNormalization", () => {
  it("gives each sample mean 0 and variance 1 over its axes", () => {
    REFERENCE.use(() => {
      const x = tensor([[1, 3], [-10, 10]]); // biome-ignore format: rows
      const y = layerNormalization({ epsilon: 1e-12 }).apply(x);
      testShape(y, [2, 2]);
      expect(y.arraySync()).toEqual([[-1, 1], [-1, 1]]); // biome-ignore format: rows
      const whole = layerNormalization({ axis: [-1, 1], scale: false });
      whole.ensureBuilt([null, 2, 3]);
      expect(whole.variables.map((v) => [v.name, v.shape])).toEqual([["beta", [2, 3]]]);
      expect(Number(whole.apply(tensor([[[1, 2, 3], [4, 5, 6]]])).mean())).toBeCloseTo(0, 6); // biome-ignore format: rows
    });
  });

  it("keeps a constant sample finite", () => {
    REFERENCE.use(() => {
      expect(
        layerNormalization()
          .apply(ones([1, 3]))
          .arraySync(),
      ).toEqual([[0, 0, 0]]);
    });
  });

  it("refuses axes that no sample has, and epsilons that are none", () => {
    REFERENCE.use(() => {
      expect(() => layerNormalization({ name: "a" }).apply(ones([3]) as Tensor)).toThrow(
        'layer_normalization "a": expected an input of rank >= 2, got shape (3,). Add a batch axis.',
      );
      expect(() => layerNormalization({ axis: 0 }).apply(ones([3, 2]))).toThrow("axis 0 is the batch.");
      expect(() => layerNormalization({ axis: 2 }).apply(ones([3, 2]))).toThrow("axis 2 is out of range");
      expect(() => layerNormalization().ensureBuilt([null, null])).toThrow("expected a known size on axis 1");
    });
    for (const epsilon of [0, -1, Number.NaN])
      expect(() => layerNormalization({ epsilon })).toThrow("expected an epsilon above 0");
  });
});
