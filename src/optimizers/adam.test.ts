import { describe, expect, it } from "vitest";
import { testOptimizer } from "../../test/conformance/test-optimizer.ts";
import { ENGINES } from "../../test/support/engines.ts";
import { tensor } from "../ops/tensor.ts";
import { adam } from "./adam.ts";

testOptimizer({
  name: "adam",
  make: adam,
  variants: [{}, { beta1: 0.5, beta2: 0.9, learningRate: 0.1 }, { amsgrad: true, globalClipNorm: 1 }],
});

describe.each(ENGINES)("adam on $name", ({ use }) => {
  it("moves by the learning rate in the first step, whatever the gradient's size", () => {
    use(() => {
      const optimizer = adam({ epsilon: 1e-30 });
      const w = tensor([0, 0, 0, 0], { dtype: "float64" });
      const ctx = { learningRate: tensor(0.5, { dtype: "float64" }), step: tensor(1, { dtype: "int32" }) };
      const { param } = optimizer.update(tensor([1e-6, -3, 1e4, 0], { dtype: "float64" }), w, optimizer.init(w), ctx);
      [...param.dataSync()].forEach((value, i) => {
        expect(value).toBeCloseTo([-0.5, 0.5, -0.5, 0][i], 12);
      });
    });
  });

  it("has no correction left after a million steps", () => {
    use(() => {
      const optimizer = adam({ epsilon: 1e-30 });
      const w = tensor([0], { dtype: "float64" });
      const ctx = { learningRate: tensor(1, { dtype: "float64" }), step: tensor(1_000_000, { dtype: "int32" }) };
      const state = { momentum: tensor([2], { dtype: "float64" }), velocity: tensor([4], { dtype: "float64" }) };
      expect(optimizer.update(tensor([2], { dtype: "float64" }), w, state, ctx).param.dataSync()[0]).toBeCloseTo(
        -1,
        12,
      );
    });
  });
});

it("refuses options out of range", () => {
  expect(() => adam({ beta1: 1 })).toThrow("adam: expected beta1 at least 0 and below 1, got 1. Try 0.9.");
  expect(() => adam({ beta2: -1 })).toThrow("adam: expected beta2 at least 0 and below 1, got -1.");
  expect(() => adam({ epsilon: -1 })).toThrow("adam: expected epsilon > 0, got -1.");
});
