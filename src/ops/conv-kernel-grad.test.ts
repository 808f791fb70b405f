import { describe, expect, it } from "vitest";
import { expectGradients, gradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { conv, convKernelGrad, mul, sum, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("convKernelGrad", () => {
  it("joins what each kernel element met", () => {
    const x = tensor([1, 2, 3, 4]).reshape([1, 4, 1]);
    const dy = tensor([1, 10]).reshape([1, 2, 1]);
    expect([...convKernelGrad(x, dy, [3]).dataSync()]).toEqual([21, 32, 43]);
    expect([...convKernelGrad(x, dy, [1], { strides: 2 }).dataSync()]).toEqual([31]);
    expect([...convKernelGrad(x, dy, [3], { strides: 2, padding: "same" }).dataSync()]).toEqual([31, 42, 3]);
  });

  it.each([
    { space: [5], w: [2, 2, 3], options: { strides: 2 } },
    { space: [5, 4], w: [3, 2, 1, 4], options: { groups: 2, dilation: [1, 2], padding: "same" as const } },
  ])("is conv's gradient, and differentiates twice: $space", ({ space, w, options }) => {
    const { groups = 1 } = options as { groups?: number };
    const x = sample([2, ...space, w[w.length - 2] * groups]);
    const kernel = sample(w, 1);
    const dy = sample(conv(x, kernel, options).shape, 2);
    const [dw] = gradients((k) => sum(mul(conv(x, k, options), dy)), kernel);
    const sizes = w.slice(0, -2);
    expect([...convKernelGrad(x, dy, sizes, options).dataSync()]).toEqual([...dw.dataSync()]);
    expectGradients((input, g) => convKernelGrad(input, g, sizes, options), [x, dy]);
  });

  it("refuses shapes that no convolution has", () => {
    const x: Tensor = zeros([1, 5, 6, 1]);
    expect(() => convKernelGrad(x, zeros([1, 3, 3, 2]), [3, 3])).toThrow(
      "convKernelGrad: expected dy of shape (1, 3, 4, 2), as conv gives for (1, 5, 6, 1), got (1, 3, 3, 2). Check strides and padding.",
    );
    expect(() => convKernelGrad(x, zeros([3, 4, 2]), [3, 3])).toThrow("expected x and dy of the same rank");
    expect(() => convKernelGrad(x, zeros([1, 3, 4, 2]), [3, 3, 1, 2])).toThrow("of the same rank of at least 3");
    expect(() => convKernelGrad(x, zeros([1, 3, 4, 2]), [3, 3], { groups: 2 })).toThrow("1 channels do not divide");
  });
});
