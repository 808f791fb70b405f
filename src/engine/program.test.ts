import { describe, expect, it } from "vitest";
import { ENGINES, FAST_ENGINES } from "../../test/support/engines.ts";
import { MemoryError } from "../core/errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Variable } from "../graph/variable.ts";
import { ops, stack } from "../ops/index.ts";
import { tensor } from "../ops/tensor.ts";
import { compile } from "./compile.ts";
import { Engine, withEngine } from "./engine.ts";
import { grad } from "./gradients.ts";

const list = (x: Tensor | undefined): number[] => [...(x?.dataSync() ?? [])];

describe.each(ENGINES)("programs on $name", ({ use }) => {
  it("need no kernel: outputs may be inputs, captured tensors, and each several times", () => {
    use(() => {
      const [x, captured] = [tensor([1, 2]), tensor([7])];
      const f = compile((a: Tensor) => [a, a, captured, ops.reshape(a, [2, 1])]);
      expect(f(x).map(list)).toEqual([[1, 2], [1, 2], [7], [1, 2]]); // biome-ignore format: a list
      expect(compile(() => [])()).toEqual([]);
      expect(compile(() => ({}))()).toEqual({});
    });
  });

  it("take values that were left for later, in the arena they compute in", () => {
    use(() => {
      const f = compile((a: Tensor, b: Tensor, c: Tensor) => ops.add(ops.mul(a, b), c));
      const x = tensor([1, 2, 3]);
      expect(list(f(x, ops.ones([3]), ops.broadcastTo(tensor([5]), [3])))).toEqual([6, 7, 8]);
    });
  });

  it("keep what they captured, whatever runs between", () => {
    use(() => {
      const [weights, later] = [tensor([1, 10, 100]), ops.full([3], 2)];
      const f = compile((x: Tensor) => ops.add(ops.mul(x, weights), later));
      const first = list(f(tensor([1, 2, 3])));
      expect(first).toEqual([3, 22, 302]);
      compile((x: Tensor) => ops.sum(ops.tanh(x)))(ops.ones([300, 300]));
      expect(list(f(tensor([1, 2, 3])))).toEqual(first);
    });
  });

  it("run as a bare step on Variables, in an arena that has moved", () => {
    use(() => {
      const [v, scale] = [new Variable(tensor([1, 2, 3])), tensor([2, 2, 2])];
      const f = compile(() => {
        v.assign(ops.mul(v.read(), scale));
      });
      const program = f.program();
      program.bind()();
      compile((x: Tensor) => ops.sum(ops.tanh(x)))(ops.ones([500, 500]));
      program.bind()();
      expect(list(v.read())).toEqual([4, 8, 12]);
    });
  });

  it("change all Variables at once, and give old values out", () => {
    use(() => {
      const [a, b] = [new Variable(tensor([1, 2])), new Variable(tensor([3, 4]))];
      const step = compile(() => {
        const [x, y] = [a.read(), b.read()];
        a.assign(y);
        b.assign(ops.add(x, 1));
        return [x, b.read()];
      });
      expect(step().map(list)).toEqual([[1, 2], [2, 3]]); // biome-ignore format: a list
      expect(step().map(list)).toEqual([[3, 4], [4, 5]]); // biome-ignore format: a list
      expect([a, b].map((v) => list(v.read()))).toEqual([[2, 3], [4, 5]]); // biome-ignore format: a list
    });
  });

  it("tell numbers apart: of another value, another sign of zero, another infinity", () => {
    use(() => {
      const f = compile((x: Tensor, n: number) => ops.div(1, ops.mul(x, n)));
      const x = tensor([1, 1]);
      const seen = [2, 4, 0, -0, Number.POSITIVE_INFINITY].map((n) => list(f(x, n))[0]);
      expect(seen).toEqual([0.5, 0.25, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]);
      const constants = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0];
      expect(constants.map((n) => list(ops.full([1], n))[0])).toEqual(constants);
      const same = compile(() => constants.map((n): Tensor => ops.full([1], n)));
      expect(same().map((y) => list(y)[0])).toEqual(constants);
    });
  });

  it("take more inputs than a WebAssembly function has parameters", () => {
    use(() => {
      const parts = Array.from({ length: 1100 }, (_, i) => tensor([i]));
      const want = parts.map((_, i) => i);
      expect(list(ops.concat(parts))).toEqual(want);
      expect(list(compile((...xs: Tensor[]) => stack(xs))(...parts))).toEqual(want);
      const sum = compile((...xs: Tensor[]) => xs.reduce((a, b): Tensor => ops.add(a, b)));
      expect(list(sum(...parts))).toEqual([(1099 * 1100) / 2]);
      const slices = compile((x: Tensor) =>
        want.map((i): Tensor => ops.slice(x, [i, i + 5])).reduce((a, b): Tensor => ops.add(a, b)),
      );
      expect(list(slices(ops.ones([1200])))).toEqual([1100, 1100, 1100, 1100, 1100]);
    });
  });

  it("go deep: a chain of thousands of ops", () => {
    use(() => {
      const f = compile((x: Tensor) => {
        let y = x;
        for (let i = 0; i < 3000; i++) y = ops.add(ops.mul(y, 0.5), 1);
        return y;
      });
      expect(list(f(tensor([0, 5])))).toEqual([2, 2]);
    });
  });

  it("differentiate through views, with the gradient beside the value", () => {
    use(() => {
      const f = (x: Tensor): Tensor => ops.sum(ops.square(ops.slice(ops.transpose(x), 1)));
      const both = compile((x: Tensor) => [f(x), grad(f)(x)]);
      expect(both(tensor([[1, 2], [3, 4]])).map(list)).toEqual([[20], [0, 4, 0, 8]]); // biome-ignore format: a list
    });
  });
});

describe("programs in a small heap", () => {
  it.each([true, false])("say what does not fit, and leave the engine usable (shared: %s)", (shared) => {
    withEngine(new Engine({ shared, maximumBytes: 2 ** 21 }), () => {
      const v = new Variable(tensor([1, 2, 3]));
      const f = compile((x: Tensor) => ops.matmul(x, x));
      expect(() => f(ops.ones([1000, 1000]))).toThrow(MemoryError);
      expect(() => ops.tanh(ops.ones([1000, 1000]))).toThrow(MemoryError);
      const w = new Variable(tensor([4, 5, 6]));
      expect(list(f(ops.ones([2, 2])))).toEqual([2, 2, 2, 2]);
      expect([v, w].map((variable) => list(variable.read()))).toEqual([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: a list
    });
  });
});

describe("programs on both heaps", () => {
  it("grow the memory between runs without losing a thing", () => {
    for (const { use } of FAST_ENGINES) {
      use(() => {
        const v = new Variable(tensor([1, 2, 3]));
        const f = compile((x: Tensor) => {
          v.assign(ops.add(v.read(), x));
          return ops.mul(v.read(), 2);
        });
        expect(list(f(tensor([1, 1, 1])))).toEqual([4, 6, 8]);
        const big = compile((x: Tensor) => ops.sum(ops.matmul(x, x)));
        expect(list(big(ops.ones([1200, 1200])))).toEqual([1200 ** 3]);
        expect(list(f(tensor([1, 1, 1])))).toEqual([6, 8, 10]);
      });
    }
  });
});
