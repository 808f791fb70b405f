import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { element } from "./element.ts";

/** y = x, as a node of its own. */
export const identityOp: Op = {
  name: "identity",
  kind: "map",
  alias: true,
  infer: ([{ shape, dtype }]) => [{ shape, dtype }],
  scalar: (inputs) => ({ body: element(inputs, 0) }),
  grad: ([dy]) => [dy],
  simplify: ([x]) => x,
};

/** x itself; its gradient passes through. */
export function identity<A extends Tensor>(x: A): Tensor<S_<A>, D_<A>> {
  return apply(identityOp, [x]);
}
