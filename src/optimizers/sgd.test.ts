import { expect, it } from "vitest";
import { testOptimizer } from "../../test/conformance/test-optimizer.ts";
import { sgd } from "./sgd.ts";

testOptimizer({
  name: "sgd",
  make: sgd,
  variants: [{}, { momentum: 0.9, learningRate: 0.5 }, { momentum: 0.9, nesterov: true, clipNorm: 2 }],
});

it("refuses a momentum out of range", () => {
  expect(() => sgd({ momentum: 1.5 })).toThrow("sgd: expected a momentum between 0 and 1, got 1.5. Try 0.9.");
  expect(() => sgd({ momentum: Number.NaN })).toThrow("got NaN");
});
