import type { Promote } from "../core/dtype.ts";
import { ShapeError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import type { Out, Shape } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { index, load, range, s } from "../ir/expr.ts";
import {
  assertConvRanks,
  assertGroups,
  type ConvAttrs,
  type ConvOptions,
  convOperands,
  convOptions,
  inGroup,
} from "./conv-operands.ts";
import type { Summed } from "./sum.ts";
import { coveringOutputs, windowAttrs, windowCounts } from "./window.ts";

type ConvInputGradAttrs = ConvAttrs & { readonly space: readonly number[] };

/**
 * dx[b, j, c] = sum over k, f of dy[b, (j + p - k d) / s, f] w[k, c, f], where s divides: conv's gradient with respect
 * to its input, linear in dy and in w. With G for dx's gradient: ddy = conv(G, w), dw = convKernelGrad(G, dy).
 */
export const convInputGradOp: Op<ConvInputGradAttrs> = {
  name: "convInputGrad",
  kind: "reduce",
  infer: ([dy, w], { space, groups }) => [
    { shape: [dy.shape[0], ...space, w.shape[w.shape.length - 2] * groups], dtype: dy.dtype },
  ],
  scalar: ([dy, w], attrs) => {
    const { space, groups } = attrs;
    const n = space.length;
    const [channels, filters] = w.shape.slice(n);
    const [j, k] = [space.map((_, axis) => index(1 + axis)), space.map((_, axis) => range(axis))];
    const c = index(n + 1);
    const { at, inside } = coveringOutputs(dy.shape.slice(1, -1), j, k, attrs);
    const f = inGroup(groups, c, channels, filters / groups, range(n));
    return {
      body: s.mul(
        load(0, dy.dtype, [index(0), ...at, f], inside),
        load(1, w.dtype, [...k, groups === 1 ? c : s.mod(c, channels), f]),
      ),
      ranges: [...w.shape.slice(0, -2), filters / groups],
      combine: "sum",
    };
  },
  grad: ([g], { inputs: [dy, w], attrs }, o) => {
    const options = convOptions(attrs);
    return [o.conv(g, w, options), o.convKernelGrad(g, dy, w.shape.slice(0, -2), options)];
  },
};

/** [batch, ...Z, channels]; with groups the kernel does not say the channels. */
export type ConvInput<S extends Shape, W extends Shape, Z extends Shape, G> = number extends S["length"] | W["length"]
  ? Shape
  : S extends readonly [infer B extends number, ...Shape]
    ? W extends readonly [...unknown[], infer C extends number, number]
      ? [B, ...Z, [G] extends [1] ? C : number]
      : Shape
    : Shape;

/**
 * conv's gradient with respect to its input of sizes `space` on the space axes, from dy [batch, ...windows, filters]:
 * the transposed convolution. The options are conv's.
 */
export function convInputGrad<A extends Tensor, W extends Tensor, const Z extends Shape, const G extends number = 1>(
  dy: A,
  kernel: W,
  space: Z,
  options: ConvOptions & { readonly groups?: G } = {},
): Tensor<Out<ConvInput<S_<A>, S_<W>, Z, G>>, Summed<Promote<D_<A>, D_<W>>>> {
  return spread(dy, kernel, space, options);
}

function spread(dy: Tensor, kernel: Tensor, space: Shape, options: ConvOptions): Tensor {
  const where = "convInputGrad";
  assertConvRanks(where, dy.shape, kernel.shape);
  const { groups = 1 } = options;
  const sizes: Shape = kernel.shape.slice(0, -2);
  const [channels, filters]: Shape = kernel.shape.slice(-2);
  assertGroups(where, groups, channels * groups, filters);
  if (space.length !== sizes.length) {
    throw new ShapeError(
      `${where}: expected a size for each of ${sizes.length} space axes, got ${shapeText(space)}. Leave out batch and channels.`,
    );
  }
  const attrs = windowAttrs(where, space, sizes, options);
  const wanted = [dy.shape[0], ...windowCounts(space, sizes, attrs), filters];
  if (!sameShape(dy.shape, wanted)) {
    throw new ShapeError(
      `${where}: expected dy of shape ${shapeText(wanted)}, as conv gives for ${shapeText(space)}, got ${shapeText(dy.shape)}. Check strides and padding.`,
    );
  }
  return apply(convInputGradOp, convOperands(where, dy, kernel), { ...attrs, groups, space: [...space] });
}
