import { describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { argMin, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("argMin", () => {
  it.each([
    [undefined, false, 0],
    [0, false, [0, 1, 1]],
    [-1, true, [[0], [2]]],
  ])("along axis %j, keepDims %j", (axis, keepDims, expected) => {
    const x = tensor([
      [1, 6, 3],
      [4, 5, 2],
    ]);
    const at = argMin(x, { axis, keepDims });
    expect([at.arraySync(), at.dtype]).toEqual([expected, "int32"]);
    expect(x.argMin({ axis, keepDims }).arraySync()).toEqual(expected);
  });

  it("takes the first of equals, and a NaN before any number", () => {
    expect(argMin(tensor([3, 1, 1])).arraySync()).toBe(1);
    expect(argMin(tensor([0, -0])).arraySync()).toBe(0);
    expect(argMin(tensor([-9, 9, Number.NaN, 1, Number.NaN])).arraySync()).toBe(2);
  });

  it("takes ints to their limits, bools and scalars", () => {
    expect(argMin(tensor([0, -(2 ** 31), 5], { dtype: "int32" })).arraySync()).toBe(1);
    expect(argMin(tensor([true, false, true])).arraySync()).toBe(1);
    expect(argMin(tensor(Uint8Array.of(250, 3))).arraySync()).toBe(1);
    expect(argMin(tensor(3)).arraySync()).toBe(0);
  });

  it("refuses to choose from nothing, and axes that are not there", () => {
    expect(() => argMin(zeros([2, 0]), { axis: 1 })).toThrow("argMin: no values to choose from");
    const axis: number = 2;
    expect(() => argMin(zeros([2, 3]), { axis })).toThrow("argMin: axis 2 is out of range");
  });
});
