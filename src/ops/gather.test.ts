import { describe, expect, it } from "vitest";
import { expectGradients, gradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { gather, sum, tensor, zeros } from "./index.ts";

installReferenceEngine();

const ints = (values: Parameters<typeof tensor>[0]) => tensor(values, { dtype: "int32" });

describe("gather", () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: rows

  it("reads at indices of any shape", () => {
    expect(gather(x, ints([1, 0, 1])).arraySync()).toEqual([[4, 5, 6], [1, 2, 3], [4, 5, 6]]); // biome-ignore format: rows
    expect(x.gather(ints(1)).arraySync()).toEqual([4, 5, 6]);
    expect(x.gather(ints([[2, 0]]), { axis: -1 }).arraySync()).toEqual([[[3, 1]], [[6, 4]]]);
    expect(gather(zeros([0, 2]), ints([])).shape).toEqual([0, 2]);
  });

  it("refuses indices with known values out of range", () => {
    const y: Tensor = x;
    expect(() => gather(y, ints([0, 2]))).toThrow(
      "gather: index 2 (at 1 of 2) is out of range for axis 0 of shape (2, 3); expected 0 to 1. Repair it, or hold all inside: indices.clip(0, 1).",
    );
    expect(() => gather(y, ints([-1]))).toThrow("gather: index -1 (at 0 of 1)");
    expect(() => gather(y, tensor([0.5]) as Tensor)).toThrow(
      'gather: expected int32 indices, got float32. Use indices.cast("int32").',
    );
    expect(() => gather(zeros([0]), ints([0]))).toThrow("is empty");
  });

  it("reads the nearest position in a program", () => {
    const [dx] = gradients((y) => sum(gather(y, y.mul(0).cast("int32").add(9))), tensor([1, 2]));
    expect(dx.arraySync()).toEqual([0, 2]);
  });

  it("sums the gradients of equal indices", () => {
    const [dx] = gradients((y) => sum(gather(y, ints([1, 1, 2]))), tensor([5, 6, 7]));
    expect(dx.arraySync()).toEqual([0, 2, 1]);
  });

  it("keeps a NaN in the gradient to the position that was read", () => {
    const [dx] = gradients(
      (y) => sum(gather(y, ints([0, 2])).log()),
      tensor([-1, 2, 4]).sub(tensor([Number.NaN, 0, 0])),
    );
    expect(dx.arraySync()).toEqual([Number.NaN, 0, 0.25]);
  });

  it("has the gradient of differences on every axis", () => {
    expectGradients((y) => gather(y.mul(y), ints([[2, 0], [0, 1]]), { axis: 1 }), [sample([2, 3, 2])]); // biome-ignore format: indices
    expectGradients((y) => gather(y.mul(y), ints(1)), [sample([2, 3])]);
  });
});
