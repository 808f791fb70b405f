import { type DType, isFloat } from "../../core/dtype.ts";
import { InternalError } from "../../core/errors.ts";
import { constant, type Expr, s } from "../expr.ts";

/** The dtypes that functions are expanded for, each with its own constants. */
export type Precision = "float32" | "float64";
export type PerPrecision<T> = Readonly<Record<Precision, T>>;

/** The precision of a function's argument. */
export function precisionOf(x: Expr, op: string): Precision {
  if (!isFloat(x.dtype)) throw new InternalError(`ir: ${op} of ${x.dtype}; cast to a float first`);
  return x.dtype as Precision & DType;
}

/** c[0] + x (c[1] + x (c[2] + ...)), by Horner's rule. */
export function polynomial(x: Expr, coefficients: readonly number[]): Expr {
  const last = coefficients.length - 1;
  let sum: Expr = constant(coefficients[last], x.dtype);
  for (let i = last - 1; i >= 0; i--) sum = s.add(s.mul(sum, x), coefficients[i]);
  return sum;
}

/** x, but at most `most`; NaN stays. This is the form of WebAssembly's pmin, which is cheaper than min. */
export function atMost(x: Expr, most: number): Expr {
  const limit = constant(most, x.dtype);
  return s.select(s.lt(limit, x), limit, x);
}

/** x, but at least `least`; NaN stays. The form of pmax. */
export function atLeast(x: Expr, least: number): Expr {
  const limit = constant(least, x.dtype);
  return s.select(s.lt(x, limit), limit, x);
}
