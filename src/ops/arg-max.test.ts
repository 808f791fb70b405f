import { describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { argMax, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("argMax", () => {
  it.each([
    [undefined, false, 1],
    [0, false, [1, 0, 0]],
    [-1, true, [[1], [1]]],
  ])("along axis %j, keepDims %j", (axis, keepDims, expected) => {
    const x = tensor([
      [1, 6, 3],
      [4, 5, 2],
    ]);
    const at = argMax(x, { axis, keepDims });
    expect([at.arraySync(), at.dtype]).toEqual([expected, "int32"]);
    expect(x.argMax({ axis, keepDims }).arraySync()).toEqual(expected);
  });

  it("takes the first of equals, and a NaN before any number", () => {
    expect(argMax(tensor([1, 3, 3])).arraySync()).toBe(1);
    expect(argMax(tensor([0, -0])).arraySync()).toBe(0);
    expect(argMax(tensor([-9, 9, Number.NaN, 1, Number.NaN])).arraySync()).toBe(2);
  });

  it("takes ints to their limits, bools and scalars", () => {
    expect(argMax(tensor([0, 2 ** 31 - 1, 5], { dtype: "int32" })).arraySync()).toBe(1);
    expect(argMax(tensor([false, true, true])).arraySync()).toBe(1);
    expect(argMax(tensor(Uint8Array.of(3, 250))).arraySync()).toBe(1);
    expect(argMax(tensor(3)).arraySync()).toBe(0);
  });

  it("refuses to choose from nothing, and axes that are not there", () => {
    expect(() => argMax(zeros([2, 0]), { axis: 1 })).toThrow("argMax: no values to choose from");
    const axis: number = 2;
    expect(() => argMax(zeros([2, 3]), { axis })).toThrow("argMax: axis 2 is out of range");
  });
});
