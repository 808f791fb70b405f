import { expect, it } from "vitest";
import { testOptimizer } from "../../test/conformance/test-optimizer.ts";
import { rmsprop } from "./rmsprop.ts";

testOptimizer({
  name: "rmsprop",
  make: rmsprop,
  variants: [{}, { rho: 0.5, momentum: 0.1 }, { centered: true, epsilon: 1e-3 }, { clipValue: 1 }],
});

it("refuses options out of range", () => {
  expect(() => rmsprop({ rho: 1 })).toThrow("rmsprop: expected rho at least 0 and below 1, got 1. Try 0.9.");
  expect(() => rmsprop({ momentum: -0.1 })).toThrow("rmsprop: expected momentum at least 0 and below 1, got -0.1.");
  expect(() => rmsprop({ epsilon: 0 })).toThrow("rmsprop: expected epsilon > 0, got 0. Try 1e-7.");
});
