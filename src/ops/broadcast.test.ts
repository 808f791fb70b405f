import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { broadcastTo, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("broadcastTo", () => {
  it("stretches axes of size 1 and adds axes in front", () => {
    expect(broadcastTo(tensor([[1], [2]]), [2, 3]).arraySync()).toEqual([[1, 1, 1], [2, 2, 2]]); // biome-ignore format: rows
    expect(tensor([1, 2]).broadcastTo([2, 2]).arraySync()).toEqual([[1, 2], [1, 2]]); // biome-ignore format: rows
    expect(broadcastTo(tensor(7), [1, 2]).arraySync()).toEqual([[7, 7]]);
    expect(broadcastTo(zeros([1, 3]), [0, 3]).shape).toEqual([0, 3]);
  });

  it("refuses what does not stretch, and says that a vector is no column", () => {
    const x: Tensor = zeros([5]);
    expect(() => broadcastTo(x, [5, 3])).toThrow(
      "broadcastTo: shapes (5,) and (5, 3) do not broadcast (5 against 3 at axis -1). A (5,) vector is not a (5, 1) column: use x.reshape([5, 1]).",
    );
    expect(() => broadcastTo(x, [1])).toThrow("broadcastTo: (5,) does not stretch to (1,).");
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => broadcastTo(x.mul(x), [2, 3, 2]), [sample([3, 1])]);
  });
});
