import { ShapeError } from "../core/errors.ts";
import { normalizeAxes, shapeText } from "../core/shape.ts";
import type { Check, Out, Shape } from "../core/shape-types.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import type { Axes, Reduce } from "./reduce.ts";
import { reshape } from "./reshape.ts";

/** Without axes named, only literal sizes tell which go. */
export type Squeeze<S extends Shape, X> = [X] extends [undefined]
  ? number extends S["length"] | S[number]
    ? Shape
    : WithoutOnes<S>
  : Reduce<S, X, false>;
type WithoutOnes<S extends Shape> = S extends readonly [infer H extends number, ...infer T extends Shape]
  ? H extends 1
    ? WithoutOnes<T>
    : [H, ...WithoutOnes<T>]
  : [];

/** x without its axes of size 1, or without those named. */
export function squeeze<A extends Tensor, const X extends Axes = undefined>(
  x: A,
  options?: { readonly axis?: X } & Check<Squeeze<S_<A>, X>>,
): Tensor<Out<Squeeze<S_<A>, X>>, D_<A>> {
  return squeezed(x, options?.axis);
}

function squeezed(x: Tensor, axis: Axes): Tensor {
  const named = normalizeAxes(axis, x.rank, "squeeze");
  const wide = axis === undefined ? undefined : named.find((i) => x.shape[i] !== 1);
  if (wide !== undefined) {
    throw new ShapeError(
      `squeeze: axis ${wide} of shape ${shapeText(x.shape)} has size ${x.shape[wide]}, expected 1. Use reshape or slice.`,
    );
  }
  const kept: Shape = x.shape.filter((n: number, i: number) => n !== 1 || !named.includes(i));
  return reshape(x, kept);
}
