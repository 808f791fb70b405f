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
 * NaN and signed zeros are as in C. float32's cover all 2^32 arguments (scripts/measure-maths.mjs; of pow a sample),
 * float64's what the test samples. Basic operations, sqrt among them, are rounded once: half a unit.
 */
export const MATHS_BOUNDS: Readonly<Record<MathsOp, PerPrecision<Bound>>> = {
  exp: { float32: { ulps: 1 }, float64: { ulps: 0.9 } },
  expm1: { float32: { ulps: 1.7 }, float64: { ulps: 1.5 } },
  log: { float32: { ulps: 0.8 }, float64: { ulps: 0.8 } },
  log1p: { float32: { ulps: 0.85 }, float64: { ulps: 0.8 } },
  tanh: { float32: { ulps: 1.4 }, float64: { ulps: 1.3 } },
  sigmoid: { float32: { ulps: 2.1 }, float64: { ulps: 2.2 } },
  sin: { float32: { ulps: 0.51, within: 4e8 }, float64: { ulps: 0.8, within: 1.6e6 } },
  cos: { float32: { ulps: 0.51, within: 4e8 }, float64: { ulps: 0.8, within: 1.6e6 } },
  pow: { float32: { ulps: 0.51 }, float64: { ulps: 0.9 } },
};
