import { ShapeError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import type { Check, Out, Shape, Text } from "../core/shape-types.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { concat, type PromoteAll } from "./concat.ts";
import { type Inserted, withAxis } from "./expand-dims.ts";

/** The shape of tensors of one shape along a new axis X. */
export type Stack<Ts extends readonly unknown[], X extends number> = number extends Ts["length"] | X
  ? Shape
  : Ts extends readonly [infer A, ...infer R]
    ? Agreed<S_<A>, R> extends infer S
      ? S extends Shape
        ? Inserted<S, X, Ts["length"]>
        : S
      : never
    : "stack: expected at least one tensor";
type Agreed<S extends Shape, Ts extends readonly unknown[]> = number extends S["length"]
  ? Shape
  : Ts extends readonly [infer B, ...infer R]
    ? S extends S_<B>
      ? Agreed<S, R>
      : S_<B> extends S
        ? Agreed<S_<B>, R>
        : `stack: shapes ${Text<S>} and ${Text<S_<B>>} differ`
    : S;

/** Tensors of one shape along a new axis (the first by default). */
export function stack<const Ts extends readonly Tensor[], const X extends number = 0>(
  tensors: Ts & Check<Stack<Ts, X>>,
  options: { readonly axis?: X } = {},
): Tensor<Out<Stack<Ts, X>>, PromoteAll<Ts>> {
  return stacked(tensors, options.axis ?? 0);
}

function stacked(tensors: readonly Tensor[], axis: number): Tensor {
  if (tensors.length === 0) throw new ShapeError("stack: expected at least one tensor, got an empty list.");
  const [first] = tensors;
  for (const x of tensors) {
    if (sameShape(x.shape, first.shape)) continue;
    throw new ShapeError(
      `stack: shapes ${shapeText(first.shape)} and ${shapeText(x.shape)} differ. Stacked tensors have one shape; concat joins along an axis they have.`,
    );
  }
  return concat(
    tensors.map((x) => withAxis(x, axis, "stack")),
    { axis },
  );
}
