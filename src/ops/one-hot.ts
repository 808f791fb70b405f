import type { DType } from "../core/dtype.ts";
import { floatx } from "../core/dtype.ts";
import { DTypeError, ValueError } from "../core/errors.ts";
import type { Any, Out, Shape } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { index, load, s } from "../ir/expr.ts";
import { coordinates } from "./element.ts";

/** y[..., j] = 1 where labels[...] = j, else 0; in a program a label outside 0 to classes - 1 gives a row of zeros. */
export const oneHotOp: Op<{ readonly classes: number; readonly dtype: string }> = {
  name: "oneHot",
  kind: "map",
  infer: ([{ shape }], { classes, dtype }) => [{ shape: [...shape, classes], dtype: dtype as DType }],
  scalar: ([{ shape }], { dtype }) => {
    const label = load(0, "int32", coordinates(shape.length));
    return { body: s.cast(s.eq(label, index(shape.length)), dtype as DType) };
  },
};

/** The labels' shape with an axis of N classes. */
export type OneHot<S extends Shape, N extends number> = number extends S["length"] ? Shape : [...S, N];

/**
 * A row of `classes` values for each int32 label: 1 at the label, 0 elsewhere. Labels with known values are checked; in
 * a program one outside gives a row of zeros.
 */
export function oneHot<A extends Tensor<Any, "int32">, const N extends number, D extends DType = Any>(
  labels: A,
  classes: N,
  options: { readonly dtype?: D } = {},
): Tensor<Out<OneHot<S_<A>, N>>, NoInfer<D>> {
  return encoded(labels, classes, options.dtype ?? floatx());
}

function encoded(labels: Tensor, classes: number, dtype: DType): Tensor {
  if (labels.dtype !== "int32") {
    throw new DTypeError(`oneHot: expected int32 labels, got ${labels.dtype}. Use labels.cast("int32").`);
  }
  if (!Number.isInteger(classes) || classes < 0) {
    throw new ValueError(`oneHot: expected a number of classes, an integer of at least 0, got ${classes}.`);
  }
  const source = labels["~source"];
  const at = source.kind === "host" ? source.array.findIndex((label: number) => label < 0 || label >= classes) : -1;
  if (source.kind === "host" && at !== -1) {
    throw new ValueError(
      `oneHot: label ${source.array[at]} (at ${at} of ${labels.size}) is outside the ${classes} classes; expected 0 to ${classes - 1}. Raise classes to the greatest label + 1, or repair the label.`,
    );
  }
  return apply(oneHotOp, [labels], { classes, dtype });
}
