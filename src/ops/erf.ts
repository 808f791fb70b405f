import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { type Expr, s } from "../ir/expr.ts";
import { atMost, type PerPrecision, polynomial, precisionOf } from "../ir/maths/forms.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/**
 * erf(x) = 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x; its derivative is 2 / sqrt(pi) e^(-x^2). Up to 1 it
 * is x P(x^2), from there on 1 - e^(-x^2) Q(1 / (1 + x / 2)), with polynomials fitted by scripts/fit-erf.mjs.
 */
export const erfOp: Op = unary({
  name: "erf",
  takes: "float",
  scalar: (x) => {
    const { end, near, far } = FITTED[precisionOf(x, "erf")];
    const size = atMost(s.abs(x), end);
    const small = s.mul(x, polynomial(s.mul(x, x), near));
    const t = s.div(1, s.add(1, s.mul(size, 0.5)));
    const large = s.sub(1, s.mul(s.exp(s.neg(s.mul(size, size))), polynomial(t, far)));
    return s.select(s.lt(size, 1), small, signed(x, large));
  },
  grad: ([dy], { inputs: [x] }, o) => [o.mul(dy, o.mul(2 / Math.sqrt(Math.PI), o.exp(o.neg(o.mul(x, x)))))],
});

/** The error function, elementwise: the share of normal values within x sqrt(2) deviations; ints become floats. */
export function erf<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(erfOp, "float", x);
}

function signed(x: Expr, size: Expr): Expr {
  return s.select(s.lt(x, 0), s.neg(size), size);
}

/** Where erf rounds to 1, and the coefficients up to 1 and from 1 to there, lowest power first. */
const FITTED: PerPrecision<{
  readonly end: number;
  readonly near: readonly number[];
  readonly far: readonly number[];
}> = {
  float32: {
    end: 4,
    near: [
      1.1283791065216064, -0.3761262595653534, 0.11283594369888306, -0.02685421146452427, 0.005189087241888046,
      -0.000801686430349946, 0.00007875874871388078,
    ],
    far: [
      -0.00012089472147636116, 0.2843341827392578, 0.2640456557273865, 0.32920604944229126, -0.05446760356426239,
      0.4809263050556183, -0.38577887415885925, 0.06918565928936005, 0.012768445536494255,
    ],
  },
  float64: {
    end: 6,
    near: [
      1.1283791670955126, -0.37612638903183754, 0.1128379167095512, -0.02686617064512984, 0.0052239776254232985,
      -0.000854832702193483, 0.00012055332902888736, -0.000014925647567519332, 0.0000016462045441468418,
      -1.6364642158167616e-7, 1.4792401209404813e-8, -1.216456005728345e-9, 8.709045129053106e-11,
      -4.230945824295338e-12,
    ],
    far: [
      -3.364287968484434e-11, 0.2820947948875316, 0.2820946725458629, 0.24683562953649413, 0.17626812515175191,
      0.08420812046763763, -0.008377722538936172, -0.029736486550047334, -0.20164547347102807, 0.6603750208887629,
      -2.4009591672080792, 7.526136364602262, -18.83082275398579, 38.92021076882521, -65.96432023569855,
      89.57349103075683, -95.69508989024307, 79.24791272831537, -49.91154947960619, 23.16829494849275,
      -7.494132194916497, 1.5123875953271524, -0.14367642375847897,
    ],
  },
};
