import { describe, expect, it } from "vitest";
import { expectGradients, gradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { conv, convInputGrad, mul, sum, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("convInputGrad", () => {
  it("spreads each window's gradient over the places it covered", () => {
    const w = tensor([1, 10, 100]).reshape([3, 1, 1]);
    const dy = tensor([1, 2]).reshape([1, 2, 1]);
    expect([...convInputGrad(dy, w, [4]).dataSync()]).toEqual([1, 12, 120, 200]);
    expect([...convInputGrad(dy, w, [6], { strides: 2 }).dataSync()]).toEqual([1, 10, 102, 20, 200, 0]);
    expect([...convInputGrad(dy, w, [3], { strides: 2, padding: "same" }).dataSync()]).toEqual([10, 102, 20]);
  });

  it.each([
    { space: [5], w: [2, 2, 3], options: { strides: 2 } },
    { space: [5, 4], w: [3, 2, 1, 4], options: { groups: 2, dilation: [1, 2], padding: "same" as const } },
  ])("is conv's gradient, and differentiates twice: $space", ({ space, w, options }) => {
    const { groups = 1 } = options as { groups?: number };
    const x = sample([2, ...space, w[w.length - 2] * groups]);
    const kernel = sample(w, 1);
    const dy = sample(conv(x, kernel, options).shape, 2);
    const [dx] = gradients((input) => sum(mul(conv(input, kernel, options), dy)), x);
    expect([...convInputGrad(dy, kernel, space, options).dataSync()]).toEqual([...dx.dataSync()]);
    expectGradients((g, k) => convInputGrad(g, k, space, options), [dy, kernel]);
  });

  it("refuses shapes that no convolution has", () => {
    const w: Tensor = zeros([3, 3, 1, 2]);
    expect(() => convInputGrad(zeros([1, 3, 3, 2]), w, [5, 6])).toThrow(
      "convInputGrad: expected dy of shape (1, 3, 4, 2), as conv gives for (5, 6), got (1, 3, 3, 2). Check strides and padding.",
    );
    expect(() => convInputGrad(zeros([1, 3, 3, 2]), w, [1, 5, 5, 1])).toThrow(
      "convInputGrad: expected a size for each of 2 space axes, got (1, 5, 5, 1). Leave out batch and channels.",
    );
    expect(() => convInputGrad(zeros([3, 3, 2]), w, [5, 5])).toThrow("both of the same rank of at least 3");
    expect(() => convInputGrad(zeros([1, 3, 3, 2]), w, [5, 5], { groups: 3 })).toThrow("2 filters do not divide");
  });
});
