import { type DType, isDType, isFloat } from "../core/dtype.ts";
import { DTypeError } from "../core/errors.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
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

/**
 * x as another dtype. Floats become ints by truncation towards zero, saturating at the int's limits, and NaN becomes 0;
 * ints wrap; a bool is x != 0.
 */
export function cast<A extends Tensor, D extends DType>(x: A, dtype: D): Tensor<S_<A>, D> {
  if (!isDType(dtype)) {
    throw new DTypeError(
      `cast: unknown dtype ${JSON.stringify(dtype)}. Use float32, float64, int32, bool, uint8 or uint32.`,
    );
  }
  return x.dtype === dtype ? x : castTo(x, dtype);
}
