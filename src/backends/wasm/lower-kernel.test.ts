import { describe, expect, it } from "vitest";
import { index, load, s } from "../../ir/expr.ts";
import { lower } from "./lower-kernel.ts";

const at = (...axes: number[]) => axes.map(index);
const f32 = (input: number, axes: readonly ReturnType<typeof index>[]) => load(input, "float32", axes);

describe("lower", () => {
  it("walks contiguous axes as one loop", () => {
    const { dims, accesses } = lower([2, 3, 5], [[2, 3, 5]], [f32(0, at(0, 1, 2))]);
    expect(dims).toEqual([30]);
    expect(accesses).toMatchObject([{ kind: "load", strides: [1], offset: 0 }]);
  });

  it("keeps axes apart where one access walks them otherwise", () => {
    const body = s.add(f32(0, at(0, 1, 2)), f32(1, at(2)));
    const { dims, accesses } = lower([2, 3, 5], [[2, 3, 5], [5]], [body]);
    expect(dims).toEqual([6, 5]);
    expect(accesses.map((a) => a.strides)).toEqual([
      [5, 1],
      [0, 1],
    ]);
  });

  it("leaves axes of size 1 out, and gives every segment between walls a loop", () => {
    const { dims, segments } = lower([1, 4, 1], [[1, 4, 1]], [f32(0, at(0, 1, 2))], [1, 2]);
    expect(dims).toEqual([1, 4, 1]);
    expect(segments).toEqual([1, 1, 1]);
    expect(lower([], [[]], [f32(0, [])]).dims).toEqual([1]);
  });

  it("turns transposed, sliced and reversed reads into strides and an offset", () => {
    const body = load(0, "float32", [s.sub(3, index(1)), s.add(s.mul(index(0), 2), 1)]);
    const { accesses } = lower([3, 4], [[4, 7]], [body]);
    expect(accesses).toMatchObject([{ strides: [2, -7], offset: 22, based: false }]);
  });

  it("reads what an index computed from data points to", () => {
    const body = load(1, "float32", [load(0, "int32", at(0)), index(1)]);
    const { accesses, body: code } = lower([6, 5], [[6], [9, 5]], [body]);
    expect(accesses).toMatchObject([
      { input: 0, strides: [1, 0], based: false },
      { input: 1, strides: [0, 1], based: true },
    ]);
    expect(code.code.map(({ kind }) => kind)).toEqual(["load", "const", "call", "load"]);
  });

  it("numbers equal reads once, and coordinates as walks without memory", () => {
    const x = f32(0, at(0));
    const { accesses } = lower([7], [[7]], [s.add(x, s.cast(s.mul(index(0), 3), "float32")), s.mul(f32(0, at(0)), x)]);
    expect(accesses).toMatchObject([
      { kind: "load", strides: [1] },
      { kind: "coordinate", strides: [3] },
    ]);
  });

  it("wraps coordinates as int32 does", () => {
    const { accesses } = lower([7], [], [s.add(s.mul(index(0), 2 ** 31), 2 ** 31 + 5)]);
    expect(accesses).toMatchObject([{ kind: "coordinate", strides: [-(2 ** 31)], offset: -(2 ** 31) + 5 }]);
  });
});
