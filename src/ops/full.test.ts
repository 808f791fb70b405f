import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { DTypeError, ShapeError, ValueError } from "../core/errors.ts";
import { full, ones, onesLike, zeros, zerosLike } from "./full.ts";
import { tensor } from "./tensor.ts";

beforeAll(() => {
  installReferenceEngine();
});

describe("full, zeros, ones", () => {
  it("fill a shape", () => {
    expect(full([2, 2], 1.5).arraySync()).toEqual([
      [1.5, 1.5],
      [1.5, 1.5],
    ]);
    expect(zeros([3], { dtype: "int32" }).arraySync()).toEqual([0, 0, 0]);
    expect(ones([], { dtype: "bool" }).arraySync()).toBe(true);
    expect(full([1], 7, { dtype: "bool" }).arraySync()).toEqual([true]);
    expect(zeros([0, 3]).shape).toEqual([0, 3]);
    expect(ones([1]).dtype).toBe("float32");
  });

  it("fill like another tensor", () => {
    const x = tensor([[1, 2]], { dtype: "float64" });
    expect(onesLike(x).arraySync()).toEqual([[1, 1]]);
    expect(zerosLike(x).dtype).toBe("float64");
  });

  it("refuse what is no shape, dtype or number", () => {
    expect(() => zeros([2, -1])).toThrow("zeros: sizes are integers of at least 0, got -1 in [2, -1].");
    // @ts-expect-error: a number is no shape
    expect(() => ones(3)).toThrow(ShapeError);
    // @ts-expect-error: no such dtype
    expect(() => zeros([1], { dtype: "int" })).toThrow(DTypeError);
    // @ts-expect-error: not a number
    expect(() => full([1], "1")).toThrow(ValueError);
  });
});
