import { evaluator, type MathsTable } from "../../src/ir/evaluate.ts";
import { type Expr, load, type MathsOp } from "../../src/ir/expr.ts";
import { expandMaths } from "../../src/ir/maths/expand.ts";

/** There is nothing left to look up once an expression has been expanded. */
const NONE = new Proxy({} as MathsTable, {
  get: (_target, name) => {
    throw new Error(`${String(name)} was not expanded`);
  },
});

export type Expanded = (x: number, y?: number) => number;

/** A function of one or two numbers from an expression over loads of inputs 0 and 1, expanded into basic operations. */
export function functionOf(dtype: "float32" | "float64", body: (x: Expr, y: Expr) => Expr): Expanded {
  const given = [0, 0];
  const root = expandMaths(body(load(0, dtype, []), load(1, dtype, [])));
  const value = evaluator(root, { index: [], range: [], load: (input) => given[input], maths: NONE });
  return (x, y = 0) => {
    given[0] = x;
    given[1] = y;
    return value();
  };
}

/** The expansion of a function itself. */
export function expansionOf(dtype: "float32" | "float64", op: MathsOp): Expanded {
  const two = op === "pow";
  return functionOf(dtype, (x, y) => ({ kind: "call", dtype, op, args: two ? [x, y] : [x] }));
}

const SCRATCH = new DataView(new ArrayBuffer(4));

/**
 * The distance of float32 `y` from a float64 value, in units of the last place that float32 has there. NaN, zeros and
 * infinities must be right to the sign; only next to an edge (of overflow or underflow) may they be off by a place.
 */
export function float32Ulps(y: number, expected: number): number {
  const right = Math.fround(expected);
  if (Object.is(y, right) && !Number.isFinite(expected)) return 0;
  if (Number.isNaN(y) || Number.isNaN(right) || (y === 0 && right === 0 && !Object.is(y, right)))
    return Number.POSITIVE_INFINITY;
  if (!Number.isFinite(expected)) return Number.POSITIVE_INFINITY;
  SCRATCH.setFloat32(0, expected);
  const exponent = Math.min(Math.max((SCRATCH.getInt32(0) >>> 23) & 0xff, 1), 254);
  if (!Number.isFinite(y) && !Number.isFinite(right)) return y === right ? 0 : Number.POSITIVE_INFINITY;
  // Beyond the greatest float32 an infinity stands for 2^128.
  const [a, b] = [y, expected].map((v) => Math.sign(v) * Math.min(Math.abs(v), 2 ** 128));
  return Math.abs(a - b) / 2 ** (exponent - 150);
}

/** Every n-th float32, from `first` bits on: all exponents, both signs, subnormals, infinities and NaN. */
export function eachFloat32(step: number, visit: (x: number) => void): void {
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  for (let i = 0; i < 2 ** 32; i += step) {
    bits[0] = i;
    visit(value[0]);
  }
}
