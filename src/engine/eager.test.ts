import { describe, expect, it } from "vitest";
import { watchModules } from "../../test/support/watch-modules.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ops } from "../ops/index.ts";
import { tensor } from "../ops/tensor.ts";
import "./eager.ts";
import { compile } from "./compile.ts";
import { grad } from "./gradients.ts";

describe("eager execution on wasm", () => {
  it("adds with broadcasting", () => {
    expect(
      ops
        .add(
          tensor([
            [1, 2],
            [3, 4],
          ]),
          tensor([10, 20]),
        )
        .arraySync(),
    ).toEqual([
      [11, 22],
      [13, 24],
    ]);
  });
  it("reduces along either axis", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(ops.sum(x, { axis: 0 }).arraySync()).toEqual([5, 7, 9]);
    expect(ops.sum(x, { axis: 1 }).arraySync()).toEqual([6, 15]);
    expect(ops.argMax(x, { axis: 1 }).arraySync()).toEqual([2, 2]);
  });
  it("reshapes without moving a value, and hands out copies", () => {
    const x = ops.mul(tensor([1, 2, 3, 4]), 2) as Tensor;
    const y = ops.reshape(x, [2, 2]) as Tensor;
    const [before, after] = [x["~source"], y["~source"]];
    expect(after.kind === "host" && before.kind === "host" && after.array === before.array).toBe(true);
    y.dataSync()[0] = 7;
    expect([x.arraySync(), y.arraySync()]).toEqual([[2, 4, 6, 8], [[2, 4], [6, 8]]]); // biome-ignore format: one line
  });
  it("multiplies matrices", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(ops.matmul(x, x.transpose()).arraySync()).toEqual([
      [14, 32],
      [32, 77],
    ]);
  });
  it("differentiates", () => {
    const x = tensor([[0.5, -1, 2]]);
    const f = (a: typeof x) => ops.sum(ops.mul(ops.tanh(a), a));
    const [d] = [grad(f)(x)];
    const eps = 1e-3;
    const want = [0.5, -1, 2].map((v) => (Math.tanh(v + eps) * (v + eps) - Math.tanh(v - eps) * (v - eps)) / (2 * eps));
    (d.dataSync() as Float32Array).forEach((v, i) => {
      expect(v).toBeCloseTo(want[i], 4);
    });
  });
  it("compiles nothing for what fills a tensor, nor for arithmetic of scalars", async () => {
    const modules = await watchModules(async () => {
      const half = ops.div(tensor(1.5), tensor(3)) as Tensor;
      const x = ops.where(ops.greater(half, 0.25), ops.sqrt(half), ops.full([], 7)) as Tensor;
      expect(x.dataSync()).toEqual(Float32Array.of(Math.SQRT1_2));
      expect(ops.full([2, 3], 0.1).dataSync()).toEqual(new Float32Array(6).fill(0.1));
      expect(ops.full([2], 3, { dtype: "int32" }).dataSync()).toEqual(Int32Array.of(3, 3));
      expect(ops.full([2], 5, { dtype: "bool" }).dataSync()).toEqual(Uint8Array.of(1, 1));
    });
    expect(modules).toEqual([]);
    // What is not rounded alike everywhere stays the backend's.
    expect(await watchModules(async () => void ops.exp(tensor(0.1)).dataSync())).toHaveLength(1);
  });
  it("compiles a whole function", () => {
    const f = compile((a: ReturnType<typeof tensor>, b: ReturnType<typeof tensor>) => ops.softmax(ops.matmul(a, b)));
    const y = f(
      tensor([
        [1, 2],
        [3, 4],
        [0, 0],
      ]),
      tensor([
        [1, 0, 2],
        [0, 1, 1],
      ]),
    );
    expect((ops.sum(y, { axis: -1 }).dataSync() as Float32Array)[2]).toBeCloseTo(1, 6);
  });
});
