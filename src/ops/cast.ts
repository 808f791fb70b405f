import { type DType, isFloat } from "../core/dtype.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { element } from "./element.ts";

/** y = x as another dtype: floats truncate towards zero and saturate, NaN becomes 0, and a bool is x != 0. */
export const castOp: Op<{ readonly dtype: string }> = {
  name: "cast",
  kind: "map",
  infer: (inputs, attrs) => [{ shape: inputs[0].shape, dtype: attrs.dtype as DType }],
  scalar: (inputs, attrs) => ({ body: s.cast(element(inputs, 0), attrs.dtype as DType) }),
  grad: ([dy], { inputs }, o) => {
    const [x] = inputs;
    return [isFloat(x.dtype) && isFloat(dy.dtype) ? o.cast(dy, x.dtype) : null];
  },
};

export function castTo(x: Tensor, dtype: DType): Tensor {
  return apply(castOp, [x], { dtype });
}
