import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { concat, split, tensor } from "./index.ts";

installReferenceEngine();

describe("split", () => {
  const x = tensor([[1, 2, 3, 4], [5, 6, 7, 8]]); // biome-ignore format: rows

  it("cuts into equal parts or sizes", () => {
    expect(split(x, 2).map((part) => part.arraySync())).toEqual([[[1, 2, 3, 4]], [[5, 6, 7, 8]]]);
    expect(x.split([1, 0, 3], { axis: -1 }).map((part) => part.shape)).toEqual([[2, 1], [2, 0], [2, 3]]); // biome-ignore format: shapes
  });

  it("refuses parts that do not fit", () => {
    expect(() => split(x, 3, { axis: 1 })).toThrow(
      "split: axis 1 of shape (2, 4) does not divide into 3 equal parts. Give sizes that add up to 4.",
    );
    expect(() => split(x, [1, 2], { axis: 1 })).toThrow("does not divide into parts of 1, 2");
    expect(() => split(x, 0)).toThrow("does not divide into 0 equal parts");
  });

  it("has the gradient of differences", () => {
    expectGradients((y) => concat(split(y.mul(y), [1, 2]).toReversed()), [sample([3])]);
  });
});
