import type { DType } from "../core/dtype.ts";
import {
  divideFloor,
  exponentOf,
  mantissaOf,
  modFloor,
  ROUND,
  roundHalfEven,
  scaleByPowerOfTwo,
  toDType,
} from "./arithmetic.ts";
import { type BasicOp, type Call, type Expr, isMathsOp, type Load, type MathsOp } from "./expr.ts";

/** What computes the functions that are not basic operations, in float64; the result is rounded to the dtype. */
export type MathsTable = Readonly<Record<MathsOp, (x: number, y: number) => number>>;

/** Where an expression is evaluated. The caller changes `index` and `range` in place from element to element. */
export interface Scope {
  readonly index: readonly number[];
  readonly range: readonly number[];
  /** The element of an input at these coordinates. */
  load(input: number, at: readonly number[]): number;
  readonly maths: MathsTable;
}

type Value = () => number;

/** A function that computes the expression where the scope stands; parts that are used twice are computed once. */
export function evaluator(root: Expr, scope: Scope): () => number {
  const clock = { now: 0 };
  const uses = countUses(root);
  const compiled = new Map<Expr, Value>();
  const visit = (e: Expr): Value => {
    const known = compiled.get(e);
    if (known !== undefined) return known;
    const value = valueOf(e, visit, scope);
    const shared = e.kind === "call" || e.kind === "load" ? (uses.get(e) as number) > 1 : false;
    const result = shared ? remember(value, clock) : value;
    compiled.set(e, result);
    return result;
  };
  const value = visit(root);
  return () => {
    clock.now++;
    return value();
  };
}

function countUses(root: Expr): Map<Expr, number> {
  const uses = new Map<Expr, number>();
  const visit = (e: Expr): void => {
    const seen = uses.get(e) ?? 0;
    uses.set(e, seen + 1);
    if (seen > 0) return;
    if (e.kind === "call") e.args.forEach(visit);
    if (e.kind !== "load") return;
    e.index.forEach(visit);
    if (e.guard !== null) visit(e.guard);
  };
  visit(root);
  return uses;
}

function remember(value: Value, clock: { readonly now: number }): Value {
  let at = -1;
  let kept = 0;
  return () => {
    if (at !== clock.now) {
      kept = value();
      at = clock.now;
    }
    return kept;
  };
}

function valueOf(e: Expr, visit: (e: Expr) => Value, scope: Scope): Value {
  switch (e.kind) {
    case "const": {
      const value = ROUND[e.dtype](e.value);
      return () => value;
    }
    case "index":
      return () => scope.index[e.axis];
    case "range":
      return () => scope.range[e.axis];
    case "load":
      return loadOf(e, visit, scope);
    case "call":
      return isMathsOp(e.op) ? mathsOf(e, scope.maths[e.op], visit) : BASIC[e.op](e.args.map(visit), e);
  }
}

function loadOf(e: Load, visit: (e: Expr) => Value, scope: Scope): Value {
  const index = e.index.map(visit);
  const at = new Array<number>(index.length);
  const read = (): number => {
    for (let axis = 0; axis < index.length; axis++) at[axis] = index[axis]();
    return scope.load(e.input, at);
  };
  if (e.guard === null) return read;
  const guard = visit(e.guard);
  return () => (guard() === 0 ? 0 : read());
}

function mathsOf(e: Call, f: (x: number, y: number) => number, visit: (e: Expr) => Value): Value {
  const round = ROUND[e.dtype];
  const [x, y] = e.args.map(visit);
  return y === undefined ? () => round(f(x(), 0)) : () => round(f(x(), y()));
}

type Rule = (args: readonly Value[], e: Call) => Value;

/** float32 from float64: for + - * / and sqrt rounding twice gives what rounding once does (53 >= 2 * 24 + 2). */
function rounded(f: (x: number, y: number) => number): Rule {
  return (args, e) => {
    const [x, y] = args;
    if (e.dtype === "float64") return y === undefined ? () => f(x(), 0) : () => f(x(), y());
    if (e.dtype === "float32") return y === undefined ? () => Math.fround(f(x(), 0)) : () => Math.fround(f(x(), y()));
    const round = ROUND[e.dtype];
    return y === undefined ? () => round(f(x(), 0)) : () => round(f(x(), y()));
  };
}

/** Results that need no rounding: comparisons, choices and integral parts. */
function exact(f: (x: number, y: number) => number): Rule {
  return ([x, y]) => (y === undefined ? () => f(x(), 0) : () => f(x(), y()));
}

function test(f: (x: number, y: number) => boolean): Rule {
  return ([x, y]) =>
    () =>
      f(x(), y()) ? 1 : 0;
}

function byDType(float: Rule, int: Rule): Rule {
  return (args, e) => (e.dtype === "float32" || e.dtype === "float64" ? float : int)(args, e);
}

const BASIC: Readonly<Record<BasicOp, Rule>> = {
  add: rounded((x, y) => x + y),
  sub: rounded((x, y) => x - y),
  mul: byDType(
    rounded((x, y) => x * y),
    rounded(Math.imul),
  ),
  div: rounded((x, y) => x / y),
  neg: rounded((x) => -x),
  abs: rounded(Math.abs),
  sqrt: rounded(Math.sqrt),
  min: exact((x, y) => Math.min(x, y)),
  max: exact((x, y) => Math.max(x, y)),
  floor: exact(Math.floor),
  ceil: exact(Math.ceil),
  round: exact(roundHalfEven),
  trunc: exact(Math.trunc),
  floorDiv: rounded(divideFloor),
  mod: rounded(modFloor),
  eq: test((x, y) => x === y),
  ne: test((x, y) => x !== y),
  lt: test((x, y) => x < y),
  le: test((x, y) => x <= y),
  gt: test((x, y) => x > y),
  ge: test((x, y) => x >= y),
  and: exact((x, y) => x & y),
  or: exact((x, y) => x | y),
  not: exact((x) => 1 - x),
  select:
    ([condition, x, y]) =>
    () =>
      condition() === 0 ? y() : x(),
  bitAnd: rounded((x, y) => x & y),
  bitOr: rounded((x, y) => x | y),
  bitXor: rounded((x, y) => x ^ y),
  shiftLeft: rounded((x, y) => x << y),
  shiftRight: rounded((x, y) => x >>> y),
  cast: ([x], e) => toDType(x, (e.args[0] as Expr).dtype, e.dtype),
  scaleByPowerOfTwo: (args, e) => byPrecision(e.dtype, scaleByPowerOfTwo)(args, e),
  exponent: (args, e) => byPrecision(e.dtype, exponentOf)(args, e),
  mantissa: (args, e) => byPrecision(e.dtype, mantissaOf)(args, e),
};

function byPrecision(dtype: DType, f: Readonly<Record<"float32" | "float64", (x: number, y: number) => number>>): Rule {
  return exact(f[dtype === "float32" ? "float32" : "float64"]);
}
