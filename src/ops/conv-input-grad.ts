import type { Promote } from "../core/dtype.ts";
import { ShapeError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import type { Out, Shape } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { assertConvRanks, assertGroups, type ConvOptions, convOperands } from "./conv-operands.ts";
import { convInputGradOp } from "./conv-records.ts";
import type { Summed } from "./sum.ts";
import { windowAttrs, windowCounts } from "./window.ts";

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
