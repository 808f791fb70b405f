import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { avgPool, tensor, zeros } from "./index.ts";
import type { Sizes } from "./window.ts";

installReferenceEngine();

const row = (...values: number[]): Tensor => tensor(values).reshape([1, values.length, 1]) as Tensor;

describe("avgPool", () => {
  it("takes the mean of each window, of the places that it covers", () => {
    expect([...avgPool(row(1, 3, 2, 5, 4), 2).dataSync()]).toEqual([2, 3.5]);
    expect([...avgPool(row(1, 3, 2, 5, 4), 2, { padding: "same" }).dataSync()]).toEqual([2, 3.5, 4]);
    expect([...avgPool(row(2, 4, 6), 3, { strides: 1, padding: "same" }).dataSync()]).toEqual([3, 4, 5]);
    const y = avgPool(tensor([255, 254, 3], { dtype: "uint8" }).reshape([1, 3, 1]), 2, { padding: "same" });
    expect([y.dtype, [...y.dataSync()]]).toEqual(["float32", [254.5, 3]]);
  });

  it.each([
    { shape: [2, 5, 2], window: 2, options: {} },
    { shape: [2, 5, 4, 2], window: [3, 2], options: { strides: [2, 1], padding: "same" as const } },
  ])("has the gradient of differences: $shape, $window", ({ shape, window, options }) => {
    expectGradients((x) => avgPool(x.mul(x) as Tensor, window as Sizes, options as object), [sample(shape)]);
  });

  it("refuses windows that do not fit", () => {
    expect(() => avgPool(zeros([1, 4, 4, 1]) as Tensor, 5)).toThrow("avgPool: a window of (5, 5) does not fit");
    expect(() => avgPool(zeros([1, 4, 4, 1]) as Tensor, 0)).toThrow("avgPool: expected a window of whole numbers");
  });
});
