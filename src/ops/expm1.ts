import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/** e^x - 1, precise near 0; its derivative is e^x = y + 1. */
export const expm1Op: Op = unary({
  name: "expm1",
  takes: "float",
  scalar: s.expm1,
  grad: ([dy], { outputs: [y] }, o) => [o.mul(dy, o.add(y, 1))],
});

/** e^x - 1 without the loss of digits near 0, elementwise. */
export function expm1<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(expm1Op, "float", x);
}
