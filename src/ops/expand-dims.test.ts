import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { expandDims, zeros } from "./index.ts";

installReferenceEngine();

describe("expandDims", () => {
  it("adds an axis of size 1", () => {
    const x: Tensor = zeros([2, 3]);
    expect([0, 1, 2, -1, -3].map((axis) => expandDims(x, { axis }).shape)).toEqual([
      [1, 2, 3],
      [2, 1, 3],
      [2, 3, 1],
      [2, 3, 1],
      [1, 2, 3],
    ]);
    expect(() => x.expandDims({ axis: 3 })).toThrow("expandDims: axis 3 is out of range");
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => expandDims(x.mul(x), { axis: 1 }), [sample([2, 2])]);
  });
});
