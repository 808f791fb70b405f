import type { DType } from "../core/dtype.ts";
import { ShapeError } from "../core/errors.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { index, s } from "../ir/expr.ts";

/** y[i] = i. */
export const iotaOp: Op<{ readonly size: number; readonly dtype: string }> = {
  name: "iota",
  kind: "map",
  lazy: true,
  infer: (_inputs, { size, dtype }) => [{ shape: [size], dtype: dtype as DType }],
  scalar: (_inputs, { dtype }) => ({ body: s.cast(index(0), dtype as DType) }),
  grad: () => [],
};

/** 0, 1, 2, ... `size` - 1, int32 by default; computed where it is used, never stored. */
export function iota<const N extends number, D extends DType = "int32">(
  size: N,
  options: { readonly dtype?: D } = {},
): Tensor<[N], NoInfer<D>> {
  if (!Number.isInteger(size) || size < 0) {
    throw new ShapeError(`iota: expected a size, an integer of at least 0, got ${size}.`);
  }
  return apply(iotaOp, [], { size, dtype: options.dtype ?? "int32" });
}
