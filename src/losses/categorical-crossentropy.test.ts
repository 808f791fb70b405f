import { describe, expect, it } from "vitest";
import { testLoss } from "../../test/conformance/test-loss.ts";
import { ENGINES } from "../../test/support/engines.ts";
import { vjp } from "../engine/gradients.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import { categoricalCrossentropy } from "./categorical-crossentropy.ts";

testLoss({
  name: "categoricalCrossentropy",
  make: categoricalCrossentropy,
  variants: [{ fromLogits: true }, { fromLogits: false }, { fromLogits: true, labelSmoothing: 0.2 }],
  labels: () => tensor([0, 1, 0, 0, 0.25, 0.25, 0.5, 0, 0, 0, 0, 1], { shape: [3, 4], dtype: "float64" }),
});

describe.each(ENGINES)("categoricalCrossentropy from logits on $name", ({ use }) => {
  it("is exact far from 0, and lets no excluded class count", () => {
    use(() => {
      const x = tensor([
        [1e4, 0, -1e4],
        [-Infinity, 0, 0],
      ]);
      const y = tensor([
        [0, 1, 0],
        [0, 1, 0],
      ]);
      const { value, pull } = vjp((logits: Tensor) => categoricalCrossentropy({ fromLogits: true }).call(y, logits), x);
      expect([...value.dataSync()]).toEqual([1e4, Math.fround(Math.LN2)]);
      expect([...pull(ones([2]))[0].dataSync()]).toEqual([1, -1, 0, 0, -0.5, 0.5]);
    });
  });
});

describe("categoricalCrossentropy", () => {
  const spec = (...shape: number[]) => ({ shape, dtype: "float32" }) as const;
  const { checkTargets, checkLabels } = categoricalCrossentropy();

  it("says which loss takes class indices", () => {
    expect(() => checkTargets?.(spec(8), spec(8, 3))).toThrow(
      "categoricalCrossentropy: expected labels of shape (8, 3), as the predictions, got (8,). For class indices, use sparseCategoricalCrossentropy, or oneHot(labels, classes).",
    );
    expect(() => checkTargets?.(spec(8, 1), spec(8, 3))).toThrow("use sparseCategoricalCrossentropy");
    expect(() => checkTargets?.(spec(8, 3), spec(8, 3))).not.toThrow();
  });

  it("refuses a single output, whose softmax is always 1", () => {
    expect(() => checkTargets?.(spec(8, 1), spec(8, 1))).toThrow(
      "categoricalCrossentropy: expected predictions of shape (batch, classes) with 2 classes or more, got (8, 1). For one output, use binaryCrossentropy.",
    );
  });

  it("names the row and column of a label that is no probability", () => {
    expect(() => checkLabels?.(Float32Array.of(0, 1, 0, 7, 0, 0), spec(2, 3), spec(2, 3))).toThrow(
      "categoricalCrossentropy: the label in row 1, column 0 is 7: expected 0 to 1. For class indices, use sparseCategoricalCrossentropy.",
    );
  });
});
