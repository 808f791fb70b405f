import { describe, expect, it } from "vitest";
import { expectGradients, gradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { iota, scatterAdd, sum, tensor, zeros } from "./index.ts";

installReferenceEngine();

const ints = (values: Parameters<typeof tensor>[0]): Tensor => tensor(values, { dtype: "int32" });

describe("scatterAdd", () => {
  it("adds slices up by their indices, along any axis", () => {
    const x: Tensor = tensor([[1, 2], [3, 4], [5, 6]]); // biome-ignore format: rows
    expect(scatterAdd(x, ints([2, 0, 2]), 4).arraySync()).toEqual([[3, 4], [0, 0], [6, 8], [0, 0]]); // biome-ignore format: rows
    expect(scatterAdd(x, ints([1, 1]), 2, { axis: 1 }).arraySync()).toEqual([[0, 3], [0, 7], [0, 11]]); // biome-ignore format: rows
    expect(scatterAdd(x, ints([1, 0]), 2, { axis: -1 }).arraySync()).toEqual([[2, 1], [4, 3], [6, 5]]); // biome-ignore format: rows
    expect(scatterAdd(x, ints([[0, 1], [1, 1], [0, 0]]), 2).arraySync()).toEqual([12, 9]); // biome-ignore format: rows
    expect(scatterAdd(tensor([5, 6]) as Tensor, ints(1), 3).arraySync()).toEqual([[0, 0], [5, 6], [0, 0]]); // biome-ignore format: rows
    expect(scatterAdd(zeros([0, 2]) as Tensor, ints([]), 2).arraySync()).toEqual([[0, 0], [0, 0]]); // biome-ignore format: rows
  });

  it("adds in the order of the indices, a NaN to its position alone", () => {
    const big: Tensor = tensor([1e16, 1, -1e16, Number.NaN], { dtype: "float64" });
    expect(scatterAdd(big, ints([0, 0, 0, 1]), 3).arraySync()).toEqual([0, Number.NaN, 0]);
  });

  it("adds ints as int32, which wrap", () => {
    const y = scatterAdd(tensor([200, 100], { dtype: "uint8" }) as Tensor, ints([0, 0]), 1);
    expect([y.dtype, y.arraySync()]).toEqual(["int32", [300]]);
    expect(scatterAdd(ints([2 ** 31 - 1, 1]), ints([0, 0]), 1).arraySync()).toEqual([-(2 ** 31)]);
  });

  it("refuses indices that do not fit", () => {
    const x: Tensor = zeros([3, 2]);
    expect(() => scatterAdd(x, ints([0, 4, 1]), 4)).toThrow(
      "scatterAdd: index 4 (at 1 of 3) is out of range for axis 0 of shape (4, 2); expected 0 to 3.",
    );
    expect(() => scatterAdd(x, ints([0, 1]), 4)).toThrow(
      "scatterAdd: expected the axes of x from 0 to be the indices' (2,), got (3, 2). Give one index a slice.",
    );
    expect(() => scatterAdd(x, ints([[[0]]]), 4)).toThrow("expected the axes of x from 0");
    expect(() => scatterAdd(x, tensor([0, 1, 2]) as Tensor, 4)).toThrow('Use indices.cast("int32").');
    expect(() => scatterAdd(x, ints([0, 1, 2]), 2.5)).toThrow("scatterAdd: expected a size");
    expect(() => scatterAdd(x, ints([0, 0, 0]), 0)).toThrow("is empty");
    expect(() => scatterAdd(x, ints([0, 0, 0]), 1, { axis: 2 })).toThrow("axis 2 is out of range");
  });

  it("counts an index out of range as the nearest in a program, and differentiates so", () => {
    const f = (x: Tensor): Tensor => scatterAdd(x, iota(3).mul(5).sub(4) as Tensor, 3) as Tensor;
    const [dx] = gradients((x) => sum(f(x).mul(tensor([1, 10, 100]))), tensor([1, 2, 3]));
    expect(dx.arraySync()).toEqual([1, 10, 100]);
  });

  it("has the gradient of differences on every axis", () => {
    expectGradients((x) => scatterAdd(x.mul(x), ints([2, 0, 2]), 4), [sample([3, 2])]);
    expectGradients((x) => scatterAdd(x.mul(x), ints([[1, 0], [1, 1]]), 2, { axis: 1 }), [sample([2, 2, 2, 2])]); // biome-ignore format: indices
  });
});
