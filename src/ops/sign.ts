import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Numbered } from "./result-dtype.ts";

/** -1, 0 or 1: 0 for -0 too, NaN for NaN. It is flat where it has a derivative, so nothing flows back. */
export const signOp: Op = unary({
  name: "sign",
  takes: "number",
  scalar: (x) => s.select(s.gt(x, 0), 1, s.select(s.lt(x, 0), -1, s.select(s.eq(x, 0), 0, x))),
});

/** The sign of each value, as -1, 0 or 1. */
export function sign<A extends Tensor>(x: A): Tensor<S_<A>, Numbered<D_<A>>> {
  return applyUnary(signOp, "number", x);
}
