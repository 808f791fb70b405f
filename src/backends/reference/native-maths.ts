import type { MathsTable } from "../../ir/evaluate.ts";

/** JavaScript's own functions, in float64. V8's are within an ulp or so of it: far below float32's. */
export const NATIVE_MATHS: MathsTable = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sigmoid,
  sin: Math.sin,
  cos: Math.cos,
  pow: ieeePow,
};

/** 1 / (1 + e^-x), which is e^x where it is small: e^-x would overflow before e^x is 0. */
function sigmoid(x: number): number {
  return x < -40 ? Math.exp(x) : 1 / (1 + Math.exp(-x));
}

/** JavaScript says NaN for 1^NaN and (+-1)^(+-infinity); IEEE 754, C and NumPy say 1. */
function ieeePow(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;
}
