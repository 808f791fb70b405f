import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { mean, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("mean", () => {
  it.each([
    [undefined, false, 3.5],
    [0, false, [2.5, 3.5, 4.5]],
    [1, true, [[2], [5]]],
  ])("over axis %j, keepDims %j", (axis, keepDims, expected) => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(mean(x, { axis, keepDims }).arraySync()).toEqual(expected);
    expect(x.mean({ axis, keepDims }).arraySync()).toEqual(expected);
  });

  it("gives floats for ints and bools", () => {
    const x = mean(tensor([1, 2], { dtype: "int32" }));
    expect([x.arraySync(), x.dtype]).toEqual([1.5, "float32"]);
    expect(mean(tensor([true, false, true, true])).arraySync()).toBe(0.75);
  });

  it("is NaN of nothing", () => {
    expect(mean(zeros([0, 1]), { axis: 0 }).arraySync()).toEqual([Number.NaN]);
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => mean(x.mul(x), { axis: 0 }), [sample([3, 2])]);
  });
});
