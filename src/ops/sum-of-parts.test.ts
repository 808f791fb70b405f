import { describe, expect, it } from "vitest";
import { compile } from "../engine/compile.ts";
import { grad } from "../engine/gradients.ts";
import "../engine/eager.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ops, tensor } from "./index.ts";

const x: Tensor = tensor([[1, 2, 3, 4], [5, 6, 7, 8]]); // biome-ignore format: rows

/** The gradient of f, and the ops that compute it. */
function gradientOf(f: (x: Tensor) => Tensor): { values: unknown; names: string[] } {
  const compiled = compile((a: Tensor) => grad(f)(a));
  const names = compiled.program(x).graph.nodes.map(({ op }) => op.name);
  expect(compiled(x).arraySync()).toEqual(grad(f)(x).arraySync());
  return { values: compiled(x).arraySync(), names };
}

const total = (parts: readonly Tensor[]): Tensor =>
  ops.sum(parts.map((part, i) => ops.mul(part, i + 1)).reduce((a, b) => ops.add(a, b))) as Tensor;

describe("sumOfParts", () => {
  it("lays the gradients of slices that tile a tensor side by side", () => {
    const { values, names } = gradientOf((a) => total(ops.split(a, 2, { axis: 1 })));
    expect(values).toEqual([[1, 1, 2, 2], [1, 1, 2, 2]]); // biome-ignore format: rows
    expect([names.includes("concat"), names.includes("pad")]).toEqual([true, false]);
    const swapped = gradientOf((a) => total([ops.slice(a, [1, 2]), ops.slice(a, [0, 1])]));
    expect(swapped.values).toEqual([[2, 2, 2, 2], [1, 1, 1, 1]]); // biome-ignore format: rows
  });

  it("adds those that leave gaps, overlap, step, or lie on two axes", () => {
    const cases: [(a: Tensor) => Tensor, number[][]][] = [
      [(a) => total([ops.slice(a, null, [0, 1]), ops.slice(a, null, [2, 3])]), [[1, 0, 2, 0], [1, 0, 2, 0]]],
      [(a) => total([ops.slice(a, null, [0, 3]), ops.slice(a, null, [1, 4])]), [[1, 3, 3, 2], [1, 3, 3, 2]]],
      [(a) => total([ops.slice(a, null, [0, 4, 2]), ops.slice(a, null, [1, 4, 2])]), [[1, 2, 1, 2], [1, 2, 1, 2]]],
      [(a) => ops.add(ops.sum(ops.slice(a, [0, 1])), ops.sum(ops.slice(a, null, [0, 2]))) as Tensor, [[2, 2, 1, 1], [1, 1, 0, 0]]],
    ]; // biome-ignore format: a table
    for (const [f, want] of cases) {
      const { values, names } = gradientOf(f);
      expect([values, names.includes("concat")]).toEqual([want, false]);
    }
  });
});
