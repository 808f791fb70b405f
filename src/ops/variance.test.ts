import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { mean, tensor, variance } from "./index.ts";

installReferenceEngine();

describe("variance", () => {
  it("is the mean square distance from the mean", () => {
    expect(variance(tensor([1, 2, 3, 4])).arraySync()).toBe(1.25);
    expect(
      variance(tensor([[1, 3], [2, 6]]), { axis: 1, keepDims: true }).arraySync(), // biome-ignore format: a matrix
    ).toEqual([[1], [4]]);
  });

  it("divides by n - ddof, where that is some", () => {
    expect(tensor([1, 2, 3, 4]).variance({ ddof: 1 }).arraySync()).toBeCloseTo(5 / 3, 6);
    expect(() => variance(tensor([1]), { ddof: 1 })).toThrow("variance: 1 values leave none to divide by with ddof 1");
  });

  it("does not cancel far from 0, and takes ints", () => {
    const x = tensor([1e8, 1e8 + 8, 1e8 + 16]);
    expect(mean(x).arraySync()).toBe(1e8 + 8);
    expect(variance(x).arraySync()).toBeCloseTo(128 / 3, 5);
    expect(variance(tensor([1, 3], { dtype: "int32" })).dtype).toBe("float32");
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => variance(x, { axis: 0 }), [sample([4, 2])]);
  });
});
