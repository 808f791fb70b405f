import { describe, expect, it } from "vitest";
import { expectGradients, gradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { max, sum, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("max", () => {
  it.each([
    [undefined, false, 6],
    [0, false, [4, 6, 3]],
    [-1, true, [[6], [5]]],
  ])("over axis %j, keepDims %j", (axis, keepDims, expected) => {
    const x = tensor([
      [1, 6, 3],
      [4, 5, 2],
    ]);
    expect(max(x, { axis, keepDims }).arraySync()).toEqual(expected);
    expect(x.max({ axis, keepDims }).arraySync()).toEqual(expected);
  });

  it("keeps the dtype, bools too, and is NaN where a value is", () => {
    const flags = max(
      tensor([
        [true, false],
        [false, false],
      ]),
      { axis: 1 },
    );
    expect([flags.arraySync(), flags.dtype]).toEqual([[true, false], "bool"]);
    expect(max(tensor([3, -7], { dtype: "int32" })).dtype).toBe("int32");
    expect(max(tensor([1, Number.NaN, 2])).arraySync()).toBeNaN();
  });

  it("refuses to choose from nothing", () => {
    expect(() => max(zeros([0, 2]), { axis: 0 })).toThrow(
      "max: no values to choose from on an empty axis of shape (0, 2)",
    );
    expect(max(zeros([0, 2]), { axis: 1 }).shape).toEqual([0]);
  });

  it("gives the whole gradient to the first of equals", () => {
    const x = tensor([
      [2, 5, 5],
      [7, 1, 7],
    ]);
    const [dx] = gradients((y) => sum(max(y, { axis: 1 })), x);
    expect(dx.arraySync()).toEqual([
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => max(x.mul(x), { axis: [0, 2] }), [sample([2, 3, 2])]);
    expectGradients((x) => max(x.mul(x)), [sample([5])]);
  });
});
