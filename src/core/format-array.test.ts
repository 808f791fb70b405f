import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allocate, type DType, isFloat, type TypedArray } from "./dtype.ts";
import { formatArray, formatTensor } from "./format-array.ts";
import { sizeOf } from "./shape.ts";

interface Case {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly values?: readonly (number | string)[];
  readonly text: string;
}

const golden = JSON.parse(
  readFileSync(new URL("../../test/golden/data/numpy-print.json", import.meta.url), "utf8"),
) as { readonly numpy: string; readonly cases: readonly Case[] };

const SPECIAL: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, "-inf": -Infinity };

/** The listed values, or those of the script's `iota`. */
function valuesOf({ dtype, shape, values }: Case): TypedArray {
  const array = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < array.length; i++) {
    const value = values?.[i] ?? (isFloat(dtype) ? i * 0.37 - 100 : i % 251);
    array[i] = typeof value === "string" ? SPECIAL[value] : value;
  }
  return array;
}

describe("formatArray", () => {
  it(`prints what NumPy ${golden.numpy} prints`, () => {
    expect(golden.cases.length).toBeGreaterThan(400);
    for (const each of golden.cases) {
      const got = formatArray(valuesOf(each), each.shape, each.dtype);
      expect(got, `${each.dtype} ${JSON.stringify(each.shape)} ${JSON.stringify(each.values)?.slice(0, 200)}`).toBe(
        each.text,
      );
    }
  });
});

describe("formatTensor", () => {
  it("adds shape and dtype", () => {
    expect(formatTensor(Float32Array.of(1, 2, 3), [1, 3], "float32")).toBe("[[1. 2. 3.]], shape=(1, 3), dtype=float32");
    expect(formatTensor(Uint8Array.of(1), [], "bool")).toBe("True, shape=(), dtype=bool");
  });
});
