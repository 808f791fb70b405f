import { describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { tensor, windowArgMax, zeros } from "./index.ts";

installReferenceEngine();

const row = (...values: number[]): Tensor => tensor(values).reshape([1, values.length, 1]) as Tensor;

describe("windowArgMax", () => {
  it("gives positions in windows, row by row", () => {
    expect([...windowArgMax(row(1, 3, 2, 5, 4), 3).dataSync()]).toEqual([1, 2, 1]);
    const grid = tensor([1, 2, 3, 9, 5, 6, 7, 8, 0]).reshape([1, 3, 3, 1]);
    const y = windowArgMax(grid, 2);
    expect([y.dtype, y.arraySync()]).toEqual([
      "int32",
      [
        [
          [[2], [3]],
          [[0], [2]],
        ],
      ],
    ]);
    expect([...windowArgMax(row(1, 3, 2), 3, { padding: "same" }).dataSync()]).toEqual([2, 1, 0]);
  });

  it("takes the first of equals, and a NaN before any", () => {
    expect([...windowArgMax(row(7, 7, 7), 2).dataSync()]).toEqual([0, 0]);
    expect([...windowArgMax(row(9, Number.NaN, Number.NaN, 9), 3).dataSync()]).toEqual([1, 0]);
    expect([...windowArgMax(tensor([false, true, true]).reshape([1, 3, 1]), 3).dataSync()]).toEqual([1]);
  });

  it("refuses keys and windows that do not fit", () => {
    expect(() => windowArgMax(zeros([1, 2, 1], { dtype: "uint32" }), 2)).toThrow("windowArgMax: expected numbers");
    expect(() => windowArgMax(zeros([1, 2, 1]) as Tensor, 3)).toThrow("does not fit into (2,)");
  });
});
