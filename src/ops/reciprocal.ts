import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/** 1 / x; its derivative is -1 / x^2. */
export const reciprocalOp: Op = unary({
  name: "reciprocal",
  takes: "float",
  scalar: (x) => s.div(1, x),
  grad: ([dy], { outputs: [y] }, o) => [o.neg(o.mul(dy, o.mul(y, y)))],
});

/** 1 / x, elementwise; ints become floats. */
export function reciprocal<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(reciprocalOp, "float", x);
}
