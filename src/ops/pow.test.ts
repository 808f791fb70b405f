import { describe, expect, it } from "vitest";
import { testBinary } from "../../test/support/elementwise.ts";
import { pow, powOp } from "./pow.ts";
import { tensor } from "./tensor.ts";

testBinary({
  op: powOp,
  apply: pow,
  ref: Math.pow,
  samples: [
    [1.5, 2],
    [3, 0.5],
    [0.25, -3],
    [10, 2.5],
  ],
  exact: [
    [0, 0, 1],
    [Number.NaN, 0, 1],
    [2, Number.NaN, Number.NaN],
    [0, -1, Infinity],
    [-2, 3, -8],
    [-8, 0.5, Number.NaN],
    [Infinity, 2, Infinity],
    [2, -Infinity, 0],
  ],
  dtypes: [
    ["int32", "int32", "float32"],
    ["float32", "float64", "float64"],
  ],
  gradients: [
    [0, 0, 0, 0],
    [0, 2, 0, 0],
    [-2, 3, 12, 0],
    [2, 0, 0, Math.LN2],
    [-2, 0, 0, 0],
  ],
});

describe("pow with a JavaScript number", () => {
  const x = tensor([-2, 0, 3]);

  it("needs no logarithm for small exponents", () => {
    expect(pow(x, 2).arraySync()).toEqual([4, 0, 9]);
    expect(pow(x, 3).arraySync()).toEqual([-8, 0, 27]);
    expect(pow(x, -1).arraySync()).toEqual([-0.5, Infinity, Math.fround(1 / 3)]);
    expect(pow(tensor([4, 0]), 0.5).arraySync()).toEqual([2, 0]);
    expect(pow(x, 1)).toBe(x);
    expect(pow(x, 0).arraySync()).toEqual([1, 1, 1]);
    expect(pow(2, x).arraySync()).toEqual([0.25, 1, 8]);
  });

  it("keeps ints for whole exponents", () => {
    const ints = tensor([-2, 3, 7], { dtype: "int32" });
    expect(pow(ints, 2).dtype).toBe("int32");
    expect(pow(ints, 11).dtype).toBe("int32");
    expect(pow(ints, 11).arraySync()).toEqual([-2048, 177147, 1977326743]);
    expect(pow(tensor([true, false]), 4).arraySync()).toEqual([1, 0]);
    expect(pow(ints, -1).dtype).toBe("float32");
    expect(pow(ints, 0.5).dtype).toBe("float32");
  });
});
