import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { slice, tensor, zeros } from "./index.ts";

installReferenceEngine();

const x = tensor([
  [0, 1, 2, 3, 4],
  [5, 6, 7, 8, 9],
  [10, 11, 12, 13, 14],
]);

describe("slice", () => {
  it("takes positions, ranges and whole axes", () => {
    expect(x.slice(1).arraySync()).toEqual([5, 6, 7, 8, 9]);
    expect(x.slice(-1, -2).arraySync()).toBe(13);
    expect(x.slice([0, 2], null).arraySync()).toEqual(x.slice([0, 2]).arraySync());
    expect(slice(x, null, [1, 3]).arraySync()).toEqual([[1, 2], [6, 7], [11, 12]]); // biome-ignore format: rows
    expect(x.slice("...", 0).arraySync()).toEqual([0, 5, 10]);
    expect(x.slice("...").arraySync()).toEqual(x.arraySync());
    expect(x.slice(0, "...", 0).arraySync()).toBe(0);
  });

  it.each([
    [
      [1, 4],
      [1, 2, 3],
    ],
    [
      [null, 2],
      [0, 1],
    ],
    [[-2], [3, 4]],
    [
      [null, -1],
      [0, 1, 2, 3],
    ],
    [
      [null, null, 2],
      [0, 2, 4],
    ],
    [
      [1, null, 3],
      [1, 4],
    ],
    [
      [null, null, -1],
      [4, 3, 2, 1, 0],
    ],
    [
      [3, 0, -2],
      [3, 1],
    ],
    [
      [null, 2, -1],
      [4, 3],
    ],
    [
      [1, null, -1],
      [1, 0],
    ],
    [
      [-9, 99],
      [0, 1, 2, 3, 4],
    ],
    [
      [99, -99, -2],
      [4, 2, 0],
    ],
    [[3, 1], []],
    [[5], []],
    [[-99, -98, -1], []],
  ] as const)("takes %j of five as Python does", (range, expected) => {
    expect(slice(x.slice(0), range as readonly [number | null]).arraySync()).toEqual(expected);
  });

  it("refuses what it cannot take", () => {
    const y: Tensor = x;
    expect(() => y.slice(3)).toThrow("slice: index 3 is out of range for axis 0 of size 3; expected -3 to 2.");
    expect(() => y.slice(0, 0, 0)).toThrow("slice: 3 indices for shape (3, 5). Give at most one an axis.");
    expect(() => y.slice("...", "...")).toThrow('"..." may stand once');
    expect(() => y.slice([0, 2, 0])).toThrow("with a step other than 0");
    expect(() => y.slice([0.5, 2])).toThrow("[start, end, step] of integers");
  });

  it("has the gradient of differences, at every step", () => {
    expectGradients((a) => slice(a.mul(a), [1, null, 2], [3, 0, -2]), [sample([4, 5])]);
    expectGradients((a) => slice(a.mul(a), 1, [null, null, -1]), [sample([2, 3])]);
    expectGradients((a) => slice(a.mul(a), [2, 2]).sum().add(a.sum()), [sample([3])]);
  });

  it("takes empty axes", () => {
    expect(zeros([0, 2]).slice(null, 1).shape).toEqual([0]);
  });
});
