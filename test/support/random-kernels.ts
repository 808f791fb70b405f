import fc from "fast-check";
import type { DType } from "../../src/core/dtype.ts";
import { isFloat } from "../../src/core/dtype.ts";
import { type Shape, sizeOf } from "../../src/core/shape.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { constant, type Expr, index, load, s } from "../../src/ir/expr.ts";
import { values } from "./run-kernel.ts";

/** table: values of each dtype, to walk through. */
const SAMPLES: Readonly<Record<DType, readonly number[]>> = {
  float32: [0.5, -1.25, 3, -0, 7.5, -2, 0.125, Number.NaN, 100, Number.NEGATIVE_INFINITY],
  float64: [0.1, -1.3, 3, -0, 7.7, -2, 1e-3, Number.NaN, 1e10, Number.POSITIVE_INFINITY],
  int32: [1, -2, 3, 0, 2 ** 31 - 1, -(2 ** 31), 77, -5],
  uint32: [1, 2, 2 ** 31, 0, 2 ** 32 - 1, 77],
  uint8: [1, 2, 255, 0, 128, 77],
  bool: [1, 0, 0, 1, 1],
};

/** How an axis of an input follows the kernel's space: an axis, backwards, by steps, or not at all. */
interface Follow {
  readonly axis: number;
  readonly kind: "along" | "back" | "step" | "still" | "cut";
}

const KINDS = ["along", "along", "along", "back", "step", "still", "cut"] as const;

/** An operand: an input of its own, or a coordinate or constant. */
type Leaf =
  | { readonly leaf: "input"; readonly dtype: DType; readonly follows: readonly Follow[]; readonly guard: number }
  | { readonly leaf: "gather"; readonly dtype: DType; readonly axis: number }
  | { readonly leaf: "coordinate"; readonly axis: number }
  | { readonly leaf: "constant"; readonly value: number };

const OPS = ["add", "sub", "mul", "min", "max", "neg", "select", "square", "tanh", "not"] as const;

export interface KernelRecipe {
  readonly space: readonly number[];
  readonly dtype: DType;
  readonly leaves: readonly Leaf[];
  readonly steps: readonly { readonly op: (typeof OPS)[number]; readonly a: number; readonly b: number }[];
  readonly roots: number;
}

/** The space, inputs and bodies of a recipe; the last body is of the recipe's dtype. */
export function cook({ space, dtype, leaves, steps, roots }: KernelRecipe): { inputs: Tensor[]; bodies: Expr[] } {
  const inputs: Tensor[] = [];
  const pool = leaves.map((leaf) => leafExpr(leaf, space, inputs));
  for (const { op, a, b } of steps) {
    const x = pool[pool.length - 1 - (a % pool.length)] as Expr;
    const y = s.cast(pool[b % pool.length] as Expr, x.dtype);
    pool.push(combine(op, x, y));
  }
  const last = pool.slice(-roots);
  return { inputs, bodies: [...last.slice(0, -1), s.cast(last[last.length - 1] as Expr, dtype)] };
}

function combine(op: (typeof OPS)[number], x: Expr, y: Expr): Expr {
  const both = [x, y].map((e) => (e.dtype === "bool" ? s.cast(e, "int32") : e)) as [Expr, Expr];
  switch (op) {
    case "min":
    case "max":
      return s[op](x, y);
    case "neg":
      return s.neg(both[0]);
    case "select":
      return s.select(s.lt(x, y), y, x);
    case "square":
      return s.mul(both[0], both[0]);
    case "tanh":
      return isFloat(x.dtype) ? s.abs(x) : s.eq(x, y);
    case "not":
      return s.not(s.ge(x, y));
    default:
      return s[op](...both);
  }
}

function leafExpr(leaf: Leaf, space: Shape, inputs: Tensor[]): Expr {
  const axisOf = (n: number): number => n % space.length;
  if (leaf.leaf === "constant") return constant(leaf.value, "int32");
  if (leaf.leaf === "coordinate") return s.sub(s.mul(index(axisOf(leaf.axis)), 3), 1);
  if (leaf.leaf === "gather") {
    const n = space[axisOf(leaf.axis)] as number;
    const positions = add(inputs, "int32", [n], (i) => (i * 7 + 3) % (n + 2));
    const data = add(inputs, leaf.dtype, [n + 2]);
    return load(data, leaf.dtype, [load(positions, "int32", [index(axisOf(leaf.axis))])]);
  }
  const walks = leaf.follows.map(({ axis, kind }) => walk(axisOf(axis), space[axisOf(axis)] as number, kind));
  const input = add(
    inputs,
    leaf.dtype,
    walks.map(({ size }) => size),
  );
  const at = walks.map((w) => w.at);
  return load(input, leaf.dtype, at, leaf.guard < 0 ? null : s.lt(index(axisOf(leaf.guard)), 2));
}

function walk(axis: number, n: number, kind: Follow["kind"]): { size: number; at: Expr } {
  if (kind === "still") return { size: 2, at: constant(1, "int32") };
  if (kind === "back") return { size: n, at: s.sub(n - 1, index(axis)) };
  if (kind === "step") return { size: 2 * n, at: s.mul(index(axis), 2) };
  if (kind === "cut") return { size: n + 2, at: s.add(index(axis), 1) };
  return { size: n, at: index(axis) };
}

function add(inputs: Tensor[], dtype: DType, shape: Shape, value?: (i: number) => number): number {
  const samples = SAMPLES[dtype];
  const list = Array.from(
    { length: sizeOf(shape) },
    (_, i) => value?.(i) ?? (samples[(i * 5 + inputs.length + (i >> 3)) % samples.length] as number),
  );
  return inputs.push(values(dtype, list, shape)) - 1;
}

const DTYPES = Object.keys(SAMPLES) as DType[];

export function arbitraryKernel(): fc.Arbitrary<KernelRecipe> {
  const axis = fc.nat(5);
  return fc
    .constantFrom<readonly DType[]>(
      ["float32"],
      ["float64", "bool"],
      ["int32", "uint8", "float32"],
      ["uint8", "bool"],
      DTYPES,
    )
    .chain((dtypes) => {
      const dtype = fc.constantFrom(...dtypes);
      const follows = fc.array(fc.record({ axis, kind: fc.constantFrom(...KINDS) }), { maxLength: 3 });
      const input = fc.record({
        leaf: fc.constant("input" as const),
        dtype,
        follows,
        guard: fc.constantFrom(-1, -1, -1, 0, 1),
      });
      const gather = fc.record({ leaf: fc.constant("gather" as const), dtype, axis });
      const coordinate = fc.record({ leaf: fc.constant("coordinate" as const), axis });
      const number = fc.record({
        leaf: fc.constant("constant" as const),
        value: fc.constantFrom(0, 1, -3, 2 ** 31 - 1),
      });
      const leaf = fc.oneof({ weight: 8, arbitrary: input }, gather, coordinate, number);
      return fc.record({
        space: fc
          .array(fc.constantFrom(1, 2, 3, 4, 5, 7, 9), { minLength: 1, maxLength: 6 })
          .filter((space) => sizeOf(space) <= 2500),
        dtype,
        leaves: fc.array(leaf, { minLength: 1, maxLength: 4 }),
        steps: fc.array(fc.record({ op: fc.constantFrom(...OPS), a: fc.nat(5), b: fc.nat(5) }), { maxLength: 6 }),
        roots: fc.integer({ min: 1, max: 3 }),
      });
    });
}
