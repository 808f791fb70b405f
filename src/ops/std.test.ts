import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { std, tensor } from "./index.ts";

installReferenceEngine();

describe("std", () => {
  it("is the root of the variance", () => {
    expect(std(tensor([2, 4, 4, 4, 5, 5, 7, 9])).arraySync()).toBe(2);
    expect(tensor([[1, 3], [2, 6]]).std({ axis: 1 }).arraySync()).toEqual([1, 2]); // biome-ignore format: a matrix
    expect(tensor([1, 3]).std({ ddof: 1 }).arraySync()).toBeCloseTo(Math.SQRT2, 6);
  });

  it("names itself in errors", () => {
    expect(() => std(tensor([]), {})).toThrow("std: 0 values leave none to divide by");
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => std(x, { axis: 0 }), [sample([4, 2])]);
  });
});
