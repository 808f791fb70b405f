import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { tensor, windowSum, zeros } from "./index.ts";
import type { Padding, Sizes } from "./window.ts";

installReferenceEngine();

const row = (...values: number[]): Tensor => tensor(values).reshape([1, values.length, 1]) as Tensor;
const run = (...args: Parameters<typeof windowSum<Tensor, Sizes, Sizes, Padding>>) => [
  ...(windowSum(...args) as Tensor).dataSync(),
];

describe("windowSum", () => {
  it("sums windows", () => {
    const x = row(1, 2, 3, 4, 5);
    expect(run(x, 2)).toEqual([3, 5, 7, 9]);
    expect(run(x, 3, { strides: 2 })).toEqual([6, 12]);
    expect(run(x, [3], { padding: "same" })).toEqual([3, 6, 9, 12, 9]);
    expect(run(x, 2, { padding: [1, 0], strides: 3 })).toEqual([1, 7]);
    const grid = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9]).reshape([1, 3, 3, 1]);
    expect(run(grid, [2, 3])).toEqual([21, 39]);
    expect(run(tensor([200, 100], { dtype: "uint8" }).reshape([1, 1, 2, 1]), [1, 2])).toEqual([300]);
  });

  it.each([
    { shape: [2, 5, 2], window: 2, options: { strides: 3 } },
    { shape: [1, 7, 1], window: 3, options: { strides: 2, padding: "same" as const } },
    { shape: [1, 4, 5, 2], window: [3, 2], options: { padding: [[2, 1], [0, 1]] as const } }, // biome-ignore format: a row
    { shape: [1, 6, 5, 1], window: [2, 2], options: { strides: [3, 1] } },
  ])("has the gradient of differences: $shape, $window", ({ shape, window, options }) => {
    expectGradients((x) => windowSum(x.mul(x) as Tensor, window as Sizes, options as object), [sample(shape)]);
  });

  it("refuses windows that do not fit", () => {
    const x: Tensor = zeros([1, 4, 4, 1]);
    expect(() => run(x, 5)).toThrow("windowSum: a window of (5, 5) does not fit into (4, 4).");
    expect(() => run(x, 2, { strides: 0 })).toThrow("windowSum: expected strides of whole numbers of at least 1");
    expect(() => run(x, [2])).toThrow("windowSum: expected a window of whole numbers of at least 1, one for all");
    expect(() => run(x, 2, { padding: 2 })).toThrow(
      "windowSum: expected less padding than the window (2, 2), got [[2,2],[2,2]]. A window must cover at least one place.",
    );
    expect(() => run(zeros([4, 4]), 2)).toThrow("expected [batch, ...space, channels] of rank >= 3, got (4, 4)");
  });
});
