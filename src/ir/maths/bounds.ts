// tested by test/conformance/maths-accuracy.test.ts
import type { MathsOp } from "../expr.ts";
import type { PerPrecision } from "./forms.ts";

/** The greatest error of a function, in units of the last place of the result, on all arguments or some. */
interface Bound {
  readonly ulps: number;
  /** The greatest |x| it holds for; beyond, sin and cos err as if x were off by an ulp and stay within [-1, 1]. */
  readonly within?: number;
}

/**
 * How exact functions are on every backend that expands them, subnormal arguments and results included; infinities,
 * NaN and signed zeros are as in C. float32's hold for all 2^32 arguments, which scripts/measure-maths.mjs can walk (of
 * pow for a sample), float64's for what the test samples. Basic operations, sqrt among them, are rounded once.
 */
export const MATHS_BOUNDS: Readonly<Record<MathsOp, PerPrecision<Bound>>> = {
  exp: { float32: { ulps: 1.1 }, float64: { ulps: 0.9 } },
  expm1: { float32: { ulps: 1.8 }, float64: { ulps: 1.8 } },
  log: { float32: { ulps: 0.85 }, float64: { ulps: 0.9 } },
  log1p: { float32: { ulps: 0.85 }, float64: { ulps: 0.9 } },
  tanh: { float32: { ulps: 1.4 }, float64: { ulps: 1.4 } },
  sigmoid: { float32: { ulps: 2.1 }, float64: { ulps: 2.2 } },
  sin: { float32: { ulps: 0.51, within: 4e8 }, float64: { ulps: 0.8, within: 1.6e6 } },
  cos: { float32: { ulps: 0.51, within: 4e8 }, float64: { ulps: 0.8, within: 1.6e6 } },
  pow: { float32: { ulps: 0.51 }, float64: { ulps: 0.9 } },
};
