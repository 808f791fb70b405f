import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { stack, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("stack", () => {
  it("joins along a new axis", () => {
    const [a, b] = [tensor([1, 2]), tensor([3, 4])];
    expect(stack([a, b]).arraySync()).toEqual([[1, 2], [3, 4]]); // biome-ignore format: rows
    expect(stack([a, b], { axis: -1 }).arraySync()).toEqual([[1, 3], [2, 4]]); // biome-ignore format: rows
    expect(stack([tensor(1), tensor(2)]).arraySync()).toEqual([1, 2]);
  });

  it("refuses other shapes", () => {
    const [a, b]: Tensor[] = [zeros([2, 3]), zeros([3, 2])];
    expect(() => stack([a, b])).toThrow("stack: shapes (2, 3) and (3, 2) differ.");
    expect(() => stack([] as Tensor[])).toThrow("stack: expected at least one tensor");
    expect(() => stack([a], { axis: 3 as number })).toThrow(
      "stack: axis 3 is out of range; expected -3 to 2 for rank 3.",
    );
  });

  it("has the gradient of differences", () => {
    expectGradients((x, y) => stack([x.mul(y), y], { axis: 1 }), [sample([3]), sample([3], 1)]);
  });
});
