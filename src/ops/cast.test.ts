import { beforeAll, describe, expect, it } from "vitest";
import { opGradient } from "../../test/support/op-gradient.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { DTypeError } from "../core/errors.ts";
import { cast, castOp } from "./cast.ts";
import { tensor } from "./tensor.ts";

beforeAll(() => {
  installReferenceEngine();
});

describe("cast", () => {
  const x = tensor([1.9, -1.9, Number.NaN, 3e9, -Infinity, 0]);

  it("truncates and saturates floats", () => {
    expect(cast(x, "int32").arraySync()).toEqual([1, -1, 0, 2147483647, -2147483648, 0]);
    expect(cast(x, "uint8").arraySync()).toEqual([1, 0, 0, 255, 0, 0]);
    expect(cast(x, "bool").arraySync()).toEqual([true, true, true, true, true, false]);
  });

  it("wraps ints and rounds float64", () => {
    expect(cast(tensor([-1, 257], { dtype: "int32" }), "uint8").arraySync()).toEqual([255, 1]);
    expect(cast(tensor([-1], { dtype: "int32" }), "uint32").arraySync()).toEqual([4294967295]);
    expect(cast(tensor([0.1], { dtype: "float64" }), "float32").arraySync()).toEqual([Math.fround(0.1)]);
    expect(cast(tensor([true, false]), "float64").arraySync()).toEqual([1, 0]);
  });

  it("is the same tensor where nothing changes", () => {
    expect(cast(x, "float32")).toBe(x);
    // @ts-expect-error: no such dtype
    expect(() => cast(x, "int64")).toThrow(DTypeError);
  });

  it("passes gradients between floats, and nowhere else", () => {
    const dy = tensor([1], { dtype: "float64" });
    const grad = (dtype: "float32" | "int32"): unknown => {
      const inputs = [tensor([1], { dtype })];
      return opGradient(castOp, [dy], { inputs, outputs: [], attrs: { dtype: "float64" } })[0]?.dtype ?? null;
    };
    expect(grad("float32")).toBe("float32");
    expect(grad("int32")).toBeNull();
  });
});
