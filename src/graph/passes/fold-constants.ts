import { isFloat } from "../../core/dtype.ts";
import { ROUND } from "../../ir/arithmetic.ts";
import type { Call, Expr, ScalarOp } from "../../ir/expr.ts";
import type { Attrs, Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";

/**
 * The one number that fills op(inputs), each input being filled with its value, or null where elements differ or the
 * bits are a backend's own: only what IEEE 754 rounds correctly is folded, never exp, log, sin and their kin.
 */
export function evaluateUniform(
  op: Op,
  inputs: readonly Tensor[],
  attrs: Attrs,
  values: readonly number[],
): number | null {
  const body = op.scalar?.(inputs, attrs, 0).body;
  return body === undefined ? null : folded(body, values, new Map());
}

/** The coordinates may decide where an input is read, but never what is done with it. `done`: parts are shared. */
function folded(e: Expr, values: readonly number[], done: Map<Expr, number | null>): number | null {
  if (e.kind === "const") return ROUND[e.dtype](e.value);
  if (e.kind === "load") return e.guard === null ? ROUND[e.dtype](values[e.input]) : null;
  if (e.kind !== "call") return null;
  let value = done.get(e);
  if (value === undefined) {
    value = foldedCall(e, values, done);
    done.set(e, value);
  }
  return value;
}

function foldedCall(e: Call, values: readonly number[], done: Map<Expr, number | null>): number | null {
  const { op, dtype } = e;
  const int = !isFloat(dtype);
  // A float that becomes an int saturates: that is left to the kernel.
  if (op === "cast" && int && dtype !== "bool" && isFloat(e.args[0].dtype)) return null;
  const rule = op === "mul" && int ? Math.imul : RULES[op];
  if (rule === undefined) return null;
  const args: number[] = [];
  for (const arg of e.args) {
    const value = folded(arg, values, done);
    if (value === null) return null;
    args.push(value);
  }
  const [x, y, z] = args;
  return ROUND[dtype](Number(rule(x, y, z)));
}

/**
 * What the operations mean, in float64: ir/evaluate.ts defines them all. For + - * / and sqrt in float32, rounding
 * twice gives what rounding once does (53 >= 2 * 24 + 2); the others need no rounding.
 */
const RULES: { readonly [O in ScalarOp]?: (x: number, y: number, z: number) => number | boolean } = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  neg: (x) => -x,
  abs: (x) => Math.abs(x),
  sqrt: (x) => Math.sqrt(x),
  min: (x, y) => Math.min(x, y),
  max: (x, y) => Math.max(x, y),
  floor: (x) => Math.floor(x),
  ceil: (x) => Math.ceil(x),
  eq: (x, y) => x === y,
  ne: (x, y) => x !== y,
  lt: (x, y) => x < y,
  le: (x, y) => x <= y,
  gt: (x, y) => x > y,
  ge: (x, y) => x >= y,
  and: (x, y) => x & y,
  or: (x, y) => x | y,
  not: (x) => 1 - x,
  select: (x, y, z) => (x === 0 ? z : y),
  cast: (x) => x,
};
