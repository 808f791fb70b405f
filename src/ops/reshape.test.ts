import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { reshape, tensor, zeros } from "./index.ts";

installReferenceEngine();

const count = (n: number): Tensor => tensor(Float32Array.from({ length: n }, (_, i) => i));
const nested = (x: Tensor, shape: readonly number[]) => tensor(x.dataSync(), { shape }).arraySync();

describe("reshape", () => {
  it.each([
    [
      [2, 6],
      [3, 4],
    ],
    [
      [2, 3, 4],
      [6, 4],
    ],
    [
      [2, 3, 4],
      [4, 3, 2],
    ],
    [
      [2, 3, 4],
      [1, 2, 1, 12],
    ],
    [
      [1, 24, 1],
      [2, 3, 4],
    ],
    [
      [4, 1, 6],
      [2, 2, 3, 2],
    ],
    [[24], [24, 1, 1]],
  ])("gives the same values in the same order, from %j to %j", (from, to) => {
    const x = count(from.reduce((a, b) => a * b)).reshape(from);
    // A sum after the view makes the executor read through the view's own arithmetic, not only pass memory on.
    expect(reshape(x.add(1), to).arraySync()).toEqual(nested(x.add(1), to));
  });

  it("fills in -1, scalars and empty shapes", () => {
    expect(count(12).reshape([3, -1]).shape).toEqual([3, 4]);
    expect(tensor(5).reshape([1, 1]).arraySync()).toEqual([[5]]);
    expect(
      tensor([[5]])
        .reshape([])
        .arraySync(),
    ).toBe(5);
    expect(zeros([0, 3]).reshape([3, 0, 2]).arraySync()).toEqual([[], [], []]);
    expect(zeros([0, 3]).reshape([-1, 3]).shape).toEqual([0, 3]);
  });

  it("refuses other sizes", () => {
    const x: Tensor = zeros([2, 3]);
    expect(() => x.reshape([4, 2])).toThrow("reshape: 6 values of shape (2, 3) do not fill (4, 2), 8 values.");
    expect(() => x.reshape([4, -1])).toThrow(
      "reshape: 6 values of shape (2, 3) do not fill (4, -1) for any size at -1.",
    );
    expect(() => x.reshape([-1, -1])).toThrow("at most one size may be -1");
    expect(() => x.reshape([2.5, 2])).toThrow("sizes are integers");
    expect(() => zeros([0]).reshape([0, -1])).toThrow("for any size at -1");
  });

  it("has the gradient of differences", () => {
    expectGradients((x) => reshape(x.mul(x), [3, 2]), [sample([2, 3])]);
  });
});
