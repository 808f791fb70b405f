import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/** e^x, its own derivative. */
export const expOp: Op = unary({
  name: "exp",
  takes: "float",
  scalar: s.exp,
  grad: ([dy], { outputs: [y] }, o) => [o.mul(dy, y)],
});

/** e^x, elementwise; ints become floats. */
export function exp<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(expOp, "float", x);
}
