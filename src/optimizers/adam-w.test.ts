import { describe, expect, it } from "vitest";
import { testOptimizer } from "../../test/conformance/test-optimizer.ts";
import { ENGINES } from "../../test/support/engines.ts";
import { tensor } from "../ops/tensor.ts";
import { adam } from "./adam.ts";
import { adamW } from "./adam-w.ts";
import { sgd } from "./sgd.ts";

testOptimizer({
  name: "adamW",
  make: adamW,
  variants: [{}, { weightDecay: 0.1, learningRate: 0.5 }, { amsgrad: true, weightDecay: 0 }],
});

describe.each(ENGINES)("weight decay on $name", ({ use }) => {
  it("takes a share of the parameter, whatever the gradient is", () => {
    use(() => {
      const w = tensor([2, -4, 0], { dtype: "float64" });
      const ctx = { learningRate: tensor(0.5, { dtype: "float64" }), step: tensor(1, { dtype: "int32" }) };
      expect([...adamW({ weightDecay: 0.1 }).decay(w, ctx).dataSync()]).toEqual([1.9, -3.8, 0]);
      expect(adam().decay(w, ctx)).toBe(w);
    });
  });
});

it("is decoupled by default in adamW alone", () => {
  expect([adamW().weightDecay, adam().weightDecay, sgd({ weightDecay: 0.2 }).weightDecay]).toEqual([0.004, null, 0.2]);
});

it("refuses a decay that is none", () => {
  expect(() => adamW({ weightDecay: -1 })).toThrow("adam_w: expected a weightDecay of at least 0, got -1. Try 0.004.");
  expect(() => sgd({ weightDecay: "0.1" as never })).toThrow("sgd: expected a weightDecay of at least 0, got 0.1.");
});
