import type { Promote } from "../core/dtype.ts";
import { ShapeError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import type { Check, Out, Shape, Text } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { assertConvRanks, assertGroups, type ConvOptions, channelsFirstAdvice, convOperands } from "./conv-operands.ts";
import { convOp } from "./conv-records.ts";
import type { Summed } from "./sum.ts";
import { type Padding, type Sizes, type Window, windowAttrs } from "./window.ts";

/** The shape of a convolution of S with a kernel W: exact for strides of 1 and 2 without dilation. */
export type Conv<S extends Shape, W extends Shape, T, P, D> = number extends S["length"] | W["length"]
  ? Shape
  : S extends readonly [infer B extends number, ...infer Space extends Shape, number]
    ? W extends readonly [...infer K extends Shape, number, infer F extends number]
      ? K["length"] extends Space["length"]
        ? Window<Space, K, T, P, D> extends infer R
          ? R extends Shape
            ? [B, ...R, F]
            : `conv: ${R & string}`
          : never
        : `conv: ${Text<S>} and a kernel ${Text<W>} are of different ranks`
      : `conv: a kernel has [...sizes, channels, filters], got ${Text<W>}`
    : `conv expects [batch, ...space, channels], got ${Text<S>}`;

/**
 * The convolution (a cross-correlation) of x [batch, ...space, channels] with a kernel [...sizes, channels / groups,
 * filters], over any number of space axes: [batch, ...windows, filters]. `bias` [filters] is added to every place.
 */
export function conv<
  A extends Tensor,
  W extends Tensor,
  const T extends Sizes = 1,
  const P extends Padding = "valid",
  const D extends Sizes = 1,
>(
  x: A,
  kernel: W & Check<Conv<S_<A>, S_<W>, T, P, D>>,
  options: ConvOptions<T, P, D> & { readonly bias?: Tensor } = {},
): Tensor<Out<Conv<S_<A>, S_<W>, T, P, D>>, Summed<Promote<D_<A>, D_<W>>>> {
  return convolved(x, kernel, options);
}

function convolved(x: Tensor, kernel: Tensor, options: ConvOptions & { readonly bias?: Tensor }): Tensor {
  assertConvRanks("conv", x.shape, kernel.shape);
  const { groups = 1, bias } = options;
  const [space, sizes]: Shape[] = [x.shape.slice(1, -1), kernel.shape.slice(0, -2)];
  const channels: number = x.shape[x.rank - 1];
  const [wanted, filters]: Shape = kernel.shape.slice(-2);
  if (channels !== wanted * groups && groups === 1) {
    throw new ShapeError(
      `conv: a kernel ${shapeText(kernel.shape)} expects ${wanted} channels on the last axis, got ${channels} in ${shapeText(x.shape)}.${channelsFirstAdvice(x.shape, wanted)}`,
    );
  }
  assertGroups("conv", groups, channels, filters);
  if (channels !== wanted * groups) {
    throw new ShapeError(
      `conv: ${channels} channels in ${groups} groups need a kernel for ${channels / groups} channels, got ${wanted} in ${shapeText(kernel.shape)}.`,
    );
  }
  if (bias !== undefined && !sameShape(bias.shape, [filters])) {
    throw new ShapeError(
      `conv: expected a bias of shape (${filters},), one value a filter, got ${shapeText(bias.shape)}.`,
    );
  }
  const attrs = { ...windowAttrs("conv", space, sizes, options), groups };
  return apply(convOp, convOperands("conv", x, kernel, bias), attrs);
}
