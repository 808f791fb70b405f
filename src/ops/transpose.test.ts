import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { tensor, transpose, zeros } from "./index.ts";

installReferenceEngine();

describe("transpose", () => {
  it("reverses the axes, or takes them in an order", () => {
    const x = tensor([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: rows
    expect(transpose(x).arraySync()).toEqual([[1, 4], [2, 5], [3, 6]]); // biome-ignore format: rows
    const y = tensor(Float32Array.from({ length: 24 }, (_, i) => i)).reshape([2, 3, 4]);
    const z = y.transpose([1, -1, 0]);
    expect(z.shape).toEqual([3, 4, 2]);
    expect(z.slice(2, 1, 1).arraySync()).toBe(y.slice(1, 2, 1).arraySync());
    expect(transpose(tensor([1, 2])).arraySync()).toEqual([1, 2]);
  });

  it("refuses axes that do not fit", () => {
    const x: Tensor = zeros([2, 3, 4]);
    expect(() => x.transpose([0, 1])).toThrow(
      "transpose: axes [0, 1] do not fit shape (2, 3, 4). Name each of its 3 axes once.",
    );
    expect(() => x.transpose([0, 1, -2])).toThrow("Name each of its 3 axes once");
    expect(() => x.transpose([0, 1, 3])).toThrow("transpose: axis 3 is out of range");
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => transpose(x.mul(x), [2, 0, 1]), [sample([2, 3, 2])]);
  });
});
