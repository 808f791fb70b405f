import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { pad, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("pad", () => {
  const x = tensor([[1, 2], [3, 4]]); // biome-ignore format: rows

  it("puts a border around", () => {
    expect(pad(x, [[1, 0], [0, 2]]).arraySync()).toEqual([[0, 0, 0, 0], [1, 2, 0, 0], [3, 4, 0, 0]]); // biome-ignore format: rows
    expect(x.pad([0, 1], { value: -1 }).arraySync()).toEqual([[1, 2, -1], [3, 4, -1], [-1, -1, -1]]); // biome-ignore format: rows
  });

  it("puts values between neighbours", () => {
    const spread = pad(tensor([1, 2, 3]), [1, 1], { interior: [2], value: 9 });
    expect(spread.arraySync()).toEqual([9, 1, 9, 9, 2, 9, 9, 3, 9]);
    expect(pad(x, [0, 0], { interior: [0, 1] }).arraySync()).toEqual([[1, 0, 2], [3, 0, 4]]); // biome-ignore format: rows
  });

  it("pads ints, bools and nothing at all", () => {
    expect(pad(tensor([1], { dtype: "int32" }), [1, 0], { value: 7 }).arraySync()).toEqual([7, 1]);
    expect(pad(tensor([true]), [0, 1]).arraySync()).toEqual([true, false]);
    expect(pad(zeros([0]), [1, 2], { value: 5, interior: [3] }).arraySync()).toEqual([5, 5, 5]);
    expect(pad(x, [0, 0]).arraySync()).toEqual(x.arraySync());
  });

  it("refuses negative or missing widths", () => {
    expect(() => pad(x, [[1, 1]])).toThrow(
      "pad: expected [before, after] of integers of at least 0 for each axis of shape (2, 2)",
    );
    expect(() => pad(x, [-1, 0])).toThrow("got [-1,0]. Use slice to cut.");
  });

  it("has the gradient of differences", () => {
    expectGradients((a) => pad(a.mul(a), [[1, 2], [0, 1]], { interior: [1, 0], value: 3 }), [sample([3, 2])]); // biome-ignore format: widths
    expectGradients((a) => pad(a.mul(a), [1, 1], { interior: [2] }), [sample([1])]);
  });
});
