import { describe, expect, it } from "vitest";
import { expectGradients, gradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { ones, prod, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("prod", () => {
  it.each([
    [undefined, false, 720],
    [0, false, [4, 10, 18]],
    [1, true, [[6], [120]]],
  ])("over axis %j, keepDims %j", (axis, keepDims, expected) => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(prod(x, { axis, keepDims }).arraySync()).toEqual(expected);
    expect(x.prod({ axis, keepDims }).arraySync()).toEqual(expected);
  });

  it("is 1 of nothing", () => {
    expect(prod(ones([0, 2]), { axis: 0 }).arraySync()).toEqual([1, 1]);
    expect(gradients((x) => prod(x), zeros([0]))[0].shape).toEqual([0]);
  });

  it("has an exact gradient at zeros", () => {
    const at = (values: number[]) => gradients((x) => prod(x), tensor(values))[0].arraySync();
    expect(at([2, 3, 5])).toEqual([15, 10, 6]);
    expect(at([2, 0, 5])).toEqual([0, 10, 0]);
    expect(at([0, 0, 5])).toEqual([0, 0, 0]);
    expect(at([4])).toEqual([1]);
  });

  it("has the gradient of differences, at zeros to order 2", () => {
    expectGradients((x) => prod(x, { axis: 1 }), [sample([2, 5, 2])]);
    expectGradients((x) => prod(x), [tensor([0.5, 0, -2, 0], { dtype: "float64" })]);
  });
});
