import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { concat, tensor, zeros } from "./index.ts";

installReferenceEngine();

describe("concat", () => {
  const [a, b] = [tensor([[1, 2]]), tensor([[3, 4], [5, 6]])]; // biome-ignore format: rows

  it("joins along an axis", () => {
    expect(concat([a, b]).arraySync()).toEqual([[1, 2], [3, 4], [5, 6]]); // biome-ignore format: rows
    expect(concat([b, tensor([[7], [8]]), b], { axis: -1 }).arraySync()).toEqual([[3, 4, 7, 3, 4], [5, 6, 8, 5, 6]]); // biome-ignore format: rows
    expect(concat([a]).arraySync()).toEqual([[1, 2]]);
  });

  it("joins many, empty ones among them", () => {
    const many = Array.from({ length: 13 }, (_, i): Tensor => tensor(new Float32Array(i % 3).fill(i)));
    expect(concat(many).arraySync()).toEqual([1, 2, 2, 4, 5, 5, 7, 8, 8, 10, 11, 11]);
    expect(concat([zeros([0]), zeros([0])]).shape).toEqual([0]);
  });

  it("keeps -0 and promotes dtypes", () => {
    expect(Object.is(concat([tensor([-0]), tensor([1])]).dataSync()[0], -0)).toBe(true);
    const mixed = concat([tensor([1], { dtype: "int32" }), tensor([0.5])]);
    expect([mixed.arraySync(), mixed.dtype]).toEqual([[1, 0.5], "float32"]);
  });

  it("refuses other shapes", () => {
    const [x, y]: Tensor[] = [zeros([2, 3]), zeros([3, 4])];
    expect(() => concat([x, y])).toThrow(
      "concat: shapes (2, 3) and (3, 4) differ off axis 0. Only that axis may differ",
    );
    expect(() => concat([x, zeros([2])])).toThrow("concat: shapes (2, 3) and (2,) differ");
    expect(() => concat([] as Tensor[])).toThrow("concat: expected at least one tensor, got an empty list.");
    expect(() => concat([x], { axis: 2 as number })).toThrow("concat: axis 2 is out of range");
  });

  it("has the gradient of differences", () => {
    expectGradients((x, y) => concat([x.mul(y.slice([0, 1])), y, x], { axis: 0 }), [sample([1, 2]), sample([2, 2], 1)]);
  });
});
