import { describe, expect, it } from "vitest";
import { expectGradients, gradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { customGradient, exp, log1p, ones, sum, tensor } from "./index.ts";

installReferenceEngine();

describe("customGradient", () => {
  it("computes f and differentiates as it is told", () => {
    const roundThrough = customGradient(
      (x) => x.round(),
      (dy) => dy,
    );
    expect(roundThrough(tensor([1.6, -0.4])).arraySync()).toEqual([2, -0]);
    expect(gradients((x) => sum(roundThrough(x).mul(3)), tensor([1.6, 2.4]))[0].arraySync()).toEqual([3, 3]);
  });

  it("can be differentiated again, through its inputs and its output", () => {
    const cube = customGradient(
      (x) => x.mul(x).mul(x),
      (dy, { inputs: [x] }) => dy.mul(x.mul(x)).mul(3),
    );
    expectGradients((x) => cube(x), [sample([3])]);
    const power = customGradient(exp, (dy, { output }) => dy.mul(output));
    expectGradients((x) => power(x), [sample([3])]);
  });

  it("takes several inputs, some without a gradient", () => {
    const weighed = customGradient(
      (a: Tensor, b: Tensor) => a.mul(b),
      (dy, { inputs: [, b] }) => [dy.mul(b), null],
    );
    const [da, db] = gradients((a, b) => sum(weighed(a, b)), tensor([1, 2]), tensor([5, 7]));
    expect([da.arraySync(), db.arraySync()]).toEqual([[5, 7], [0, 0]]); // biome-ignore format: a pair
  });

  it("is stable where the derivative by rules is not", () => {
    const softplus = customGradient(
      (x) => log1p(exp(x)),
      (dy, { inputs: [x] }) => dy.mul(x.sigmoid()),
    );
    expect(gradients((x) => sum(softplus(x)), tensor([100]))[0].arraySync()).toEqual([1]);
  });

  it("refuses a gradient of another shape or number", () => {
    const at = (wrong: Parameters<typeof customGradient>[1]) =>
      gradients((x) => sum(customGradient((y) => y.mul(2), wrong)(x)), tensor([1, 2]));
    expect(() => at(() => ones([3]))).toThrow("customGradient: gradient 0 has shape (3,), but its input (2,)");
    expect(() => at((dy) => [dy, dy])).toThrow("customGradient: the gradient returned 2 tensors for 1 inputs");
  });
});
