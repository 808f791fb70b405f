import type { Promote } from "../core/dtype.ts";
import { ShapeError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import type { Check, Out, Shape, Text } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { index, load, range, s } from "../ir/expr.ts";
import {
  assertConvRanks,
  assertGroups,
  type ConvAttrs,
  type ConvOptions,
  channelsFirstAdvice,
  convOperands,
  convOptions,
  inGroup,
} from "./conv-operands.ts";
import type { Summed } from "./sum.ts";
import { coveredPlaces, type Padding, type Sizes, type Window, windowAttrs, windowCounts } from "./window.ts";

/**
 * y[b, i, f] = bias[f] + sum over k, c of x[b, i s + k d - p, c] w[k, c, f] with strides s, dilation d and p places of
 * zeros before: a cross-correlation, as every library's convolution. With groups, filter f sees its group's channels.
 * With dy: dx = convInputGrad(dy, w), dw = convKernelGrad(x, dy), dbias = the sum of dy over all but the filters.
 */
export const convOp: Op<ConvAttrs> = {
  name: "conv",
  kind: "reduce",
  infer: ([x, w], attrs) => {
    const counts = windowCounts(x.shape.slice(1, -1), w.shape.slice(0, -2), attrs);
    return [{ shape: [x.shape[0], ...counts, w.shape[w.shape.length - 1]], dtype: x.dtype }];
  },
  scalar: ([x, w, bias], attrs) => {
    const space = x.shape.slice(1, -1);
    const n = space.length;
    const [channels, filters] = w.shape.slice(n);
    const [i, k] = [space.map((_, axis) => index(1 + axis)), space.map((_, axis) => range(axis))];
    const [c, f] = [range(n), index(n + 1)];
    const { at, inside } = coveredPlaces(space, i, k, attrs);
    const channel = inGroup(attrs.groups, f, filters / attrs.groups, channels, c);
    return {
      body: s.mul(load(0, x.dtype, [index(0), ...at, channel], inside), load(1, w.dtype, [...k, c, f])),
      ranges: w.shape.slice(0, -1),
      combine: "sum",
      ...(bias === undefined ? {} : { initial: load(2, bias.dtype, [f]) }),
    };
  },
  grad: ([dy], { inputs: [x, w, bias], attrs }, o) => {
    const options = convOptions(attrs);
    const dx = o.convInputGrad(dy, w, x.shape.slice(1, -1), options);
    const dw = o.convKernelGrad(x, dy, w.shape.slice(0, -2), options);
    return bias === undefined ? [dx, dw] : [dx, dw, o.sum(dy, { axis: dy.shape.slice(1).map((_, axis) => axis) })];
  },
};

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
