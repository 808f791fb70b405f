import { describe, expect, it } from "vitest";
import { expectGradients, gradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { min, sum, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("min", () => {
  it.each([
    [undefined, false, 1],
    [0, false, [1, 5, 2]],
    [-1, true, [[1], [2]]],
  ])("over axis %j, keepDims %j", (axis, keepDims, expected) => {
    const x = tensor([
      [1, 6, 3],
      [4, 5, 2],
    ]);
    expect(min(x, { axis, keepDims }).arraySync()).toEqual(expected);
    expect(x.min({ axis, keepDims }).arraySync()).toEqual(expected);
  });

  it("keeps the dtype, bools too, and is NaN where a value is", () => {
    const flags = min(
      tensor([
        [true, false],
        [true, true],
      ]),
      { axis: 1 },
    );
    expect([flags.arraySync(), flags.dtype]).toEqual([[false, true], "bool"]);
    expect(min(tensor([3, -7], { dtype: "int32" })).dtype).toBe("int32");
    expect(min(tensor([1, Number.NaN, 2])).arraySync()).toBeNaN();
  });

  it("refuses to choose from nothing", () => {
    expect(() => min(zeros([0, 2]), { axis: 0 })).toThrow(
      "min: no values to choose from on an empty axis of shape (0, 2)",
    );
    expect(min(zeros([0, 2]), { axis: 1 }).shape).toEqual([0]);
  });

  it("gives the whole gradient to the first of equals", () => {
    const x = tensor([
      [2, 1, 1],
      [0, 4, 0],
    ]);
    const [dx] = gradients((y) => sum(min(y, { axis: 1 })), x);
    expect(dx.arraySync()).toEqual([
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => min(x.mul(x), { axis: [0, 2] }), [sample([2, 3, 2])]);
    expectGradients((x) => min(x.mul(x)), [sample([5])]);
  });
});
