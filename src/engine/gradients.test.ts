import { describe, expect, it } from "vitest";
import { TraceError } from "../core/errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Variable } from "../graph/variable.ts";
import { customGradient, ops } from "../ops/index.ts";
import { tensor } from "../ops/tensor.ts";
import { compile } from "./compile.ts";
import "./eager.ts";
import { grad, valueAndGrad, vjp } from "./gradients.ts";

const f64 = (values: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(values, { dtype: "float64" });
const x = f64([1, -2, 3]);
const list = (t: Tensor): number[] => [...t.dataSync()];

describe("grad", () => {
  it("differentiates by the first argument, the others being as they are", () => {
    const f = (a: Tensor, b: Tensor, n: number): Tensor => ops.sum(ops.mul(ops.mul(a, b), n));
    expect(list(grad(f)(x, f64([4, 5, 6]), 2))).toEqual([8, 10, 12]);
  });

  it("differentiates again and again: x^4 gives 4x^3, 12x^2, 24x, 24, 0", () => {
    let f = (a: Tensor): Tensor => ops.mul(ops.square(a), ops.square(a));
    for (const want of [32, 48, 48, 24, 0]) {
      f = grad(f);
      expect(list(f(f64(2)))).toEqual([want]);
    }
  });

  it("does not confuse an inner x with an outer one: d/dx x d/dy (x + y) = 1", () => {
    const outer = (a: Tensor): Tensor => ops.mul(a, grad((b: Tensor) => ops.add(a, b))(f64(1)));
    expect(list(grad(outer)(f64(1)))).toEqual([1]);
    // Nor when both are the same tensor: d/dx (x + y) at y = x leaves the x of the closure alone.
    const same = (a: Tensor): Tensor => grad((b: Tensor) => ops.mul(a, ops.mul(b, b)))(a);
    expect(list(same(f64(3)))).toEqual([18]);
    // d/dx 2 x^2 = 4x: through the closure and through the argument.
    expect(list(grad(same)(f64(3)))).toEqual([12]);
  });

  it("runs inside compile as part of one program, with the same bits", () => {
    const loss = (a: Tensor): Tensor => ops.mean(ops.square(ops.tanh(a)));
    const once = (a: Tensor): Tensor => grad((b: Tensor) => ops.sum(ops.square(grad(loss)(b))))(a);
    expect(list(compile(once)(x))).toEqual(list(once(x)));
  });

  it("multiplies matrices as they are stored: a layer's gradients copy nothing", () => {
    const f = compile((a: Tensor, w: Tensor) => {
      const h = (v: Tensor): Tensor => ops.tanh(ops.matmul(ops.tanh(ops.matmul(a, v)), ops.transpose(v)));
      return grad((v: Tensor) => ops.sum(h(v)))(w);
    });
    const { nodes } = f.program(f64([[1, 2], [3, 4], [5, 6]]), f64([[1, 2], [3, 4]])).graph; // biome-ignore format: matrices
    const products = nodes.filter(({ op }) => op.name === "matmul").map(({ attrs }) => attrs);
    // The one that is left turns the small gradient of transpose(v) back.
    expect(nodes.filter(({ op }) => op.name === "transpose").length).toBe(1);
    expect(products.map(({ transposeA, transposeB }) => [transposeA, transposeB])).toEqual([
      [false, false],
      [false, true],
      [false, false],
      [true, false],
      [true, false],
    ]);
  });

  it("gives zeros where the result does not depend on x", () => {
    expect(list(grad((a: Tensor) => ops.sum(ops.cast(ops.greater(a, 0), "float64")))(x))).toEqual([0, 0, 0]);
    expect(list(grad((_a: Tensor) => f64(1))(x))).toEqual([0, 0, 0]);
    expect(list(grad((a: Tensor) => ops.sum(ops.stopGradient(a)))(x))).toEqual([0, 0, 0]);
  });

  it("stops and replaces gradients where it is told to", () => {
    // d/dx x stop(x) = stop(x)
    expect(list(grad((a: Tensor) => ops.sum(ops.mul(a, ops.stopGradient(a))))(x))).toEqual([1, -2, 3]);
    const through = customGradient((a: Tensor) => ops.round(a), (dy) => dy); // biome-ignore format: one line
    expect(list(grad((a: Tensor) => ops.sum(ops.mul(through(a), 3)))(x))).toEqual([3, 3, 3]);
  });

  it("adds what reaches x by several ways, and ties go to the first", () => {
    expect(list(grad((a: Tensor) => ops.sum(ops.add(ops.add(a, a), ops.mul(a, a))))(x))).toEqual([4, -2, 8]);
    expect(list(grad((a: Tensor) => ops.max(a))(f64([2, 5, 5])))).toEqual([0, 1, 0]);
  });

  it("refuses what has no gradient, and says what to do", () => {
    expect(() => grad((a: Tensor) => ops.sum(a))(tensor([1], { dtype: "int32" }))).toThrow(
      "grad: expected a float tensor as the first argument, got int32 (1,).",
    );
    expect(() => grad((a: Tensor) => ops.square(a))(x)).toThrow(
      "got float64 of shape (3,). End it with .sum() or .mean().",
    );
    expect(() => grad((a: Tensor) => ops.argMax(a))(x)).toThrow("expected the function to return one float, got int32");
    expect(() => grad((() => 1) as never)(x as never)).toThrow("expected the function to return a tensor, got number");
  });
});

describe("valueAndGrad", () => {
  it("gives the value and the gradients of all float arguments, null for the others", () => {
    const rows = tensor([0, 2], { dtype: "int32" });
    const { value, gradients } = valueAndGrad((a: Tensor, at: Tensor, b: Tensor) =>
      ops.sum(ops.mul(ops.gather(a, at), b)),
    )(x, rows, f64([10, 100]));
    expect(list(value)).toEqual([310]);
    expect(gradients.map((g) => (g === null ? null : list(g)))).toEqual([[10, 0, 100], null, [1, 3]]);
  });

  it("differentiates by Variables: zeros for one that is not read, and assignments happen once", () => {
    const [v, unused, count] = [new Variable(x), new Variable(f64([7])), new Variable(f64(0), { trainable: false })];
    const f = (): Tensor => {
      count.assign(ops.add(count.read(), 1));
      return ops.sum(ops.square(v.read()));
    };
    const { value, gradients } = valueAndGrad(f, [v, unused]);
    expect(list(value)).toEqual([14]);
    expect(gradients.map(list)).toEqual([[2, -4, 6], [0]]); // biome-ignore format: gradients
    expect(list(count.read())).toEqual([1]);
  });

  it("differentiates by a Variable's value before f, although f assigns to it", () => {
    const v = new Variable(x);
    const { gradients } = valueAndGrad(() => {
      v.assign(ops.mul(v.read(), 2));
      return ops.sum(ops.square(v.read()));
    }, [v]);
    expect(gradients.map(list)).toEqual([[8, -16, 24]]); // biome-ignore format: gradients
    expect(list(v.read())).toEqual([2, -4, 6]);
  });

  it("nests over Variables: the gradient of a gradient's norm", () => {
    const v = new Variable(x);
    const norm = (): Tensor => {
      const [g] = valueAndGrad(() => ops.sum(ops.mul(v.read(), ops.square(v.read()))), [v]).gradients;
      return ops.sum(ops.square(g as Tensor));
    };
    // d/dx (3x^2)^2 = 36 x^3
    expect(list(valueAndGrad(norm, [v]).gradients[0] as Tensor)).toEqual([36, -288, 972]);
  });

  it("trains in one program: the variables move as they do step by step", () => {
    const [a, b] = [new Variable(x), new Variable(x)];
    const step = (v: Variable) => (): Tensor => {
      const { value, gradients } = valueAndGrad(() => ops.mean(ops.square(ops.tanh(v.read()))), [v]);
      v.assign(ops.sub(v.read(), ops.mul(gradients[0] as Tensor, 0.5)));
      return value;
    };
    const [eager, compiled] = [step(a), compile(step(b))];
    for (let i = 0; i < 3; i++) expect(list(compiled())).toEqual(list(eager()));
    expect(list(b.read())).toEqual(list(a.read()));
    expect(list(b.read())).not.toEqual(list(x));
  });
});

describe("vjp", () => {
  it("gives the value and pulls gradients of any shape back", () => {
    const { value, pull } = vjp((a: Tensor, b: Tensor) => ops.mul(a, b), x, f64([4, 5, 6]));
    expect(list(value)).toEqual([4, -10, 18]);
    expect(pull(f64([1, 10, 100])).map(list)).toEqual([[4, 50, 600], [1, -20, 300]]); // biome-ignore format: gradients
    expect(() => pull(f64([1]))).toThrow("vjp: expected a gradient of the output's shape (3,), got (1,)");
  });

  it("runs inside compile, and runs f once there", () => {
    let runs = 0;
    const f = compile((a: Tensor, dy: Tensor) => {
      const { value, pull } = vjp((b: Tensor) => {
        runs++;
        return ops.exp(b);
      }, a);
      return [value, ...pull(dy)];
    });
    expect(f(f64([0]), f64([5])).map(list)).toEqual([[1], [5]]);
    expect(runs).toBe(1);
  });
});

describe("what a traced function must not do is a TraceError that says what to do instead", () => {
  const traced =
    (f: (a: Tensor) => unknown): (() => unknown) =>
    () =>
      compile(f as (a: Tensor) => Tensor)(x);

  it.each<[string, (a: Tensor) => unknown]>([
    ["read values", (a) => ops.exp(a).dataSync()],
    ["read its argument", (a) => a.arraySync()],
    ["compare as a number", (a) => (Number(ops.sum(a)) > 0 ? a : ops.neg(a))],
    ["read what is computed lazily", () => ops.full([2], 1).dataSync()],
    ["read a Variable", () => new Variable(x).read().dataSync()],
    ["make a Variable of it", (a) => new Variable(a)],
  ])("%s", (_what, f) => {
    expect(traced(f)).toThrow(TraceError);
    expect(traced(f)).toThrow(/was read while a function is being traced: it has no value yet. Choose with where\(\)/);
  });

  it("return a promise", () => {
    expect(traced(async (a) => a)).toThrow("Tracing is synchronous: await before it, not inside it.");
    expect(() => grad((async (a: Tensor) => a) as never)(x as never)).toThrow(TraceError);
  });

  it("await values", async () => {
    const reads = compile((a: Tensor) => {
      pending = a.data();
      return a;
    });
    let pending: Promise<unknown> = Promise.resolve();
    reads(x);
    await expect(pending).rejects.toThrow(TraceError);
  });

  it.each<[string, (a: Tensor) => Tensor]>([
    ["an op", (a) => ops.exp(a)],
    ["a lazy op", () => ops.full([3], 1, { dtype: "float64" })],
    ["an argument", (a) => a],
  ])("use a tensor that an earlier trace made: %s", (_what, make) => {
    let kept = x;
    compile((a: Tensor) => {
      kept = make(a);
      return a;
    })(x);
    expect(traced((a) => ops.add(a, kept))).toThrow(
      /a tensor of an earlier trace was used in this one .* Return it from the traced function/,
    );
    expect(() => kept.dataSync()).toThrow(
      /was kept from a traced function, which has ended: it has no value. Return it/,
    );
    expect(() => ops.exp(kept).dataSync()).toThrow(TraceError);
    expect(`${kept}`).toBe("Traced(shape=(3,), dtype=float64)");
  });

  it("leave the Variables assigned when it throws", () => {
    const v = new Variable(x);
    expect(
      traced((a) => {
        v.assign(ops.add(a, 1));
        return v.read().dataSync();
      }),
    ).toThrow(TraceError);
    expect(list(v.read())).toEqual(list(x));
  });
});
