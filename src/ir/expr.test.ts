import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryExpr, evaluateAt } from "../../test/support/arbitrary-expr.ts";
import { type Affine, affineOf, affineOffset } from "./affine.ts";
import { BASIC_OPS, call, constant, type Expr, index, isMathsOp, load, MATHS_OPS, range, s } from "./expr.ts";
import { type Linear, linearize } from "./linearize.ts";
import { rewrite } from "./rewrite.ts";

describe("builders", () => {
  test("a number takes the other operand's dtype", () => {
    const x = load(0, "float64", []);
    expect(s.add(x, 1)).toEqual(s.add(x, constant(1, "float64")));
    expect(s.sub(1, x)).toEqual(s.sub(constant(1, "float64"), x));
    expect(s.select(s.gt(x, 0), 0, x).dtype).toBe("float64");
  });

  test("comparisons give bool, a cast its target, select its branches' dtype", () => {
    expect(s.lt(index(0), 3).dtype).toBe("bool");
    expect(s.cast(index(0), "float32").dtype).toBe("float32");
    expect(s.cast(index(0), "int32")).toEqual(index(0));
  });

  test("mixed dtypes, missing arguments and two numbers are refused", () => {
    expect(() => s.add(index(0), load(0, "float32", []))).toThrow("ir: add of int32, float32");
    expect(() => call("neg", [])).toThrow("ir: neg without arguments");
    expect(() => s.mul(1, 2)).toThrow("ir: mul of two JavaScript numbers");
    const bool = s.lt(index(0), 1);
    expect(() => s.select(bool, 1, 2)).toThrow("ir: select of two JavaScript numbers");
    expect(() => call("select", [index(0), index(0), index(1)])).toThrow("ir: select by int32");
  });

  test("an operation is basic or a function, and not both", () => {
    expect(MATHS_OPS.every(isMathsOp)).toBe(true);
    expect(BASIC_OPS.some(isMathsOp)).toBe(false);
  });
});

const exprs = arbitraryExpr();
const points = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4));

describe("rewrite", () => {
  test("nothing to replace gives the same object", () => {
    fc.assert(fc.property(exprs, (e) => rewrite(e, () => null) === e));
  });

  test("shifting every index is evaluating elsewhere", () => {
    const shifted = (e: Expr): Expr => rewrite(e, (leaf) => (leaf.kind === "index" ? s.add(leaf, 1) : null));
    fc.assert(
      fc.property(exprs, points, (e, [i, j, r]) => {
        expect(evaluateAt(shifted(e), [i, j], [r])).toEqual(evaluateAt(e, [i + 1, j + 1], [r]));
      }),
    );
  });

  test("a load is offered with its index rewritten, and its replacement is used", () => {
    const e = s.add(load(0, "float32", [index(0)], s.lt(index(0), 4)), 1);
    const seen: Expr[] = [];
    const result = rewrite(e, (leaf) => {
      if (leaf.kind === "index") return range(2);
      if (leaf.kind !== "load") return null;
      seen.push(leaf);
      return constant(5, "float32");
    });
    expect(seen).toEqual([load(0, "float32", [range(2)], s.lt(range(2), 4))]);
    expect(result).toEqual(s.add(constant(5, "float32"), 1));
  });

  test("shared parts stay shared", () => {
    const part = s.exp(load(0, "float32", [index(0)]));
    const result = rewrite(s.mul(part, part), (leaf) => (leaf.kind === "index" ? index(1) : null));
    expect(result.kind === "call" && result.args[0] === result.args[1]).toBe(true);
  });
});

describe("linearize", () => {
  /** The tree that a numbered value stands for. */
  function treeOf(linear: Linear, n: number): Expr {
    const i = linear.code[n];
    switch (i.kind) {
      case "const":
        return constant(i.value, i.dtype);
      case "index":
        return index(i.axis);
      case "range":
        return range(i.axis);
      case "load": {
        const guard = i.guard < 0 ? null : treeOf(linear, i.guard);
        return load(
          i.input,
          i.dtype,
          i.args.map((arg) => treeOf(linear, arg)),
          guard,
        );
      }
      case "call":
        return { kind: "call", dtype: i.dtype, op: i.op, args: i.args.map((arg) => treeOf(linear, arg)) };
    }
  }

  test("stands for the same trees, in an order that puts arguments first", () => {
    fc.assert(
      fc.property(exprs, exprs, (a, b) => {
        const linear = linearize([a, b]);
        expect(linear.roots.map((n) => treeOf(linear, n))).toEqual([a, b]);
        linear.code.forEach((i, n) => {
          if ("args" in i) for (const arg of i.args) expect(arg).toBeLessThan(n);
          if (i.kind === "load") expect(i.guard).toBeLessThan(n);
        });
      }),
    );
  });

  test("equal parts have one number, different trees different keys", () => {
    fc.assert(
      fc.property(exprs, exprs, (a, b) => {
        const copy = structuredClone(a);
        const [first, second] = linearize([a, copy]).roots;
        expect(first).toBe(second);
        expect(linearize([copy]).key).toBe(linearize([a]).key);
        const keys = [linearize([a]).key, linearize([b]).key];
        expect(keys[0] === keys[1]).toBe(JSON.stringify(tagged(a)) === JSON.stringify(tagged(b)));
      }),
    );
  });

  /** JSON has no -0. */
  function tagged(e: Expr): unknown {
    return JSON.parse(JSON.stringify(e, (_k, v) => (Object.is(v, -0) ? "-0" : v)));
  }

  test("-0 and 0, guards and no guards, dtypes and inputs are told apart", () => {
    const at = [index(0)];
    const roots: Expr[] = [
      constant(0, "float32"),
      constant(-0, "float32"),
      constant(0, "float64"),
      constant(0, "int32"),
      load(0, "float32", at),
      load(1, "float32", at),
      load(0, "float32", at, s.lt(index(0), 0)),
      load(0, "float64", at),
      index(0),
      range(0),
      index(1),
    ];
    expect(new Set(linearize(roots).roots).size).toBe(roots.length);
    expect(new Set(roots.map((root) => linearize([root]).key)).size).toBe(roots.length);
  });
});

describe("affine", () => {
  const leaves = fc.oneof(
    fc.integer({ min: -9, max: 9 }).map((n): Expr => constant(n, "int32")),
    fc.nat(2).map((axis): Expr => index(axis)),
    fc.nat(1).map((axis): Expr => range(axis)),
  );
  const trees = fc.letrec<{ tree: Expr }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      leaves,
      fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => s.add(a, b)),
      fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => s.sub(a, b)),
      tie("tree").map((a) => s.neg(a)),
      fc.tuple(tie("tree"), fc.integer({ min: -4, max: 4 })).map(([a, n]) => s.mul(a, n)),
      fc.tuple(tie("tree"), fc.integer({ min: -4, max: 4 })).map(([a, n]) => s.mul(n, a)),
    ),
  })).tree;

  const valueOf = (a: Affine, at: readonly number[], along: readonly number[]): number => {
    let sum = a.offset;
    for (const [axis, n] of a.index) sum += n * at[axis];
    for (const [axis, n] of a.range) sum += n * along[axis];
    return sum;
  };

  test("the form has the expression's value, and no coefficient of 0", () => {
    fc.assert(
      fc.property(
        trees,
        fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50)),
        fc.tuple(fc.nat(50), fc.nat(50)),
        (e, at, along) => {
          const form = affineOf(e);
          if (form === null) throw new Error("expected an affine form");
          expect(valueOf(form, at, along)).toBe(evaluateAt(e, at, along));
          expect([...form.index.values(), ...form.range.values()]).not.toContain(0);
          expect(Object.is(form.offset, -0)).toBe(false);
        },
      ),
    );
  });

  test("products of coordinates, divisions, loads and choices have none", () => {
    const i = index(0);
    const others = [
      s.mul(i, range(0)),
      s.floorDiv(i, 2),
      s.mod(i, 2),
      load(0, "int32", []),
      s.select(s.lt(i, 1), i, 0),
    ];
    for (const e of others) expect(affineOf(e)).toBeNull();
    for (const e of others) expect(affineOf(s.add(e, 1))).toBeNull();
    expect(affineOf(constant(1.5, "float32"))).toBeNull();
  });

  test("the offset in a row-major array", () => {
    const offset = affineOffset([s.add(index(0), range(0)), s.sub(range(1), 1)], [10, 1]);
    expect(offset).toEqual({
      offset: -1,
      index: new Map([[0, 10]]),
      range: new Map([
        [0, 10],
        [1, 1],
      ]),
    });
    expect(affineOffset([index(0), s.mod(index(1), 2)], [10, 1])).toBeNull();
    expect(affineOffset([], [])).toEqual({ offset: 0, index: new Map(), range: new Map() });
  });
});
