import { describe, expect, it } from "vitest";
import { expectGradients, gradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { maxPool, sum, tensor, zeros } from "./index.ts";
import type { Sizes } from "./window.ts";

installReferenceEngine();

const row = (...values: number[]): Tensor => tensor(values).reshape([1, values.length, 1]) as Tensor;
const { NEGATIVE_INFINITY: LEAST, NaN: NOT } = Number;

describe("maxPool", () => {
  it("takes the greatest of each window", () => {
    expect([...maxPool(row(1, 3, 2, 5, 4), 2).dataSync()]).toEqual([3, 5]);
    expect([...maxPool(row(1, 3, 2, 5, 4), 2, { padding: "same" }).dataSync()]).toEqual([3, 5, 4]);
    expect([...maxPool(row(1, 3, 2, 5, 4), 3, { strides: 1 }).dataSync()]).toEqual([3, 5, 5]);
    const grid = tensor([1, 2, 3, 4, 8, 6, 7, 5, 9]).reshape([1, 3, 3, 1]);
    expect([...maxPool(grid, 2, { strides: 1 }).dataSync()]).toEqual([8, 8, 8, 9]);
    const y = maxPool(tensor([3, 200, 100], { dtype: "uint8" }).reshape([1, 3, 1]), 2, { padding: "same" });
    expect([y.dtype, [...y.dataSync()]]).toEqual(["uint8", [200, 100]]);
  });

  it("keeps NaN, and never takes padding: not even for windows of nothing but -infinity", () => {
    expect([...maxPool(row(1, NOT, 2, 3), 2).dataSync()]).toEqual([NOT, 3]);
    const low = row(LEAST, LEAST, LEAST);
    expect([...maxPool(low, 3, { strides: 1, padding: "same" }).dataSync()]).toEqual([LEAST, LEAST, LEAST]);
    const [dx] = gradients((x) => sum(maxPool(x, 3, { strides: 2, padding: 1 })), low);
    expect([...dx.dataSync()]).toEqual([1, 1, 0]);
    const minus = tensor([-5, -6], { dtype: "int32" }).reshape([1, 2, 1]);
    expect([...maxPool(minus, 2, { padding: 1 }).dataSync()]).toEqual([-5, -6]);
  });

  it("sends the gradient to the first of equals, and sums where windows overlap", () => {
    const [first] = gradients((x) => sum(maxPool(x, 2)), row(7, 7, 1, 1));
    expect([...first.dataSync()]).toEqual([1, 0, 1, 0]);
    const [shared] = gradients((x) => sum(maxPool(x, 2, { strides: 1 })), row(1, 9, 2));
    expect([...shared.dataSync()]).toEqual([0, 2, 0]);
  });

  it.each([
    { shape: [2, 5, 2], window: 2, options: {} },
    { shape: [1, 7, 2], window: 3, options: { strides: 2, padding: "same" as const } },
    { shape: [2, 5, 4, 2], window: [3, 2], options: { strides: [2, 1], padding: [[2, 1], [0, 1]] as const } }, // biome-ignore format: a row
    { shape: [1, 3, 3, 3, 1], window: 2, options: { strides: 1 } },
  ])("has the gradient of differences: $shape, $window", ({ shape, window, options }) => {
    expectGradients((x) => maxPool(x.mul(x) as Tensor, window as Sizes, options as object), [sample(shape)]);
  });

  it("takes empty batches, and refuses windows that do not fit", () => {
    expect(maxPool(zeros([0, 4, 4, 2]), 2).shape).toEqual([0, 2, 2, 2]);
    expect(() => maxPool(zeros([1, 4, 4, 1]) as Tensor, 5)).toThrow(
      "maxPool: a window of (5, 5) does not fit into (4, 4).",
    );
    expect(() => maxPool(zeros([1, 4, 4, 1]) as Tensor, 2, { strides: 0 })).toThrow("maxPool: expected strides");
    expect(() => maxPool(zeros([4, 4]) as Tensor, 2)).toThrow("maxPool: expected [batch, ...space, channels]");
  });
});
