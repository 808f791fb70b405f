import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { element } from "./element.ts";

/** y = x, and dx = 0: a constant as far as gradients go. */
export const stopGradientOp: Op = {
  name: "stopGradient",
  kind: "map",
  alias: true,
  infer: ([{ shape, dtype }]) => [{ shape, dtype }],
  scalar: (inputs) => ({ body: element(inputs, 0) }),
  // Gradients have been taken by then.
  simplify: ([x]) => x,
};

/** The values of x, through which no gradient flows. */
export function stopGradient<A extends Tensor>(x: A): Tensor<S_<A>, D_<A>> {
  return apply(stopGradientOp, [x]);
}
