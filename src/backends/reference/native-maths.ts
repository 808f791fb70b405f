import type { MathsTable } from "../../ir/evaluate.ts";

/** JavaScript's own functions, in float64. V8's are within an ulp or so of it: far below float32's. */
export const NATIVE_MATHS: MathsTable = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sin: Math.sin,
  cos: Math.cos,
  pow: ieeePow,
};

/** JavaScript says NaN for 1^NaN and (+-1)^(+-infinity); IEEE 754, C and NumPy say 1. */
function ieeePow(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;
}
