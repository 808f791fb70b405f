import type { Promote } from "../core/dtype.ts";
import { ShapeError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import type { Out, Shape } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { assertConvRanks, assertGroups, type ConvOptions, convOperands } from "./conv-operands.ts";
import { convKernelGradOp } from "./conv-records.ts";
import type { Summed } from "./sum.ts";
import { windowAttrs, windowCounts } from "./window.ts";

/** [...K, channels, filters]; with groups the channels are not known here. */
export type ConvKernel<S extends Shape, Y extends Shape, K extends Shape, G> = number extends S["length"] | Y["length"]
  ? Shape
  : S extends readonly [...unknown[], infer C extends number]
    ? Y extends readonly [...unknown[], infer F extends number]
      ? [...K, [G] extends [1] ? C : number, F]
      : Shape
    : Shape;

/**
 * conv's gradient with respect to its kernel of sizes `kernel`, from x [batch, ...space, channels] and dy [batch,
 * ...windows, filters]: [...kernel, channels / groups, filters]. The options are conv's.
 */
export function convKernelGrad<A extends Tensor, Y extends Tensor, const K extends Shape, const G extends number = 1>(
  x: A,
  dy: Y,
  kernel: K,
  options: ConvOptions & { readonly groups?: G } = {},
): Tensor<Out<ConvKernel<S_<A>, S_<Y>, K, G>>, Summed<Promote<D_<A>, D_<Y>>>> {
  return correlated(x, dy, kernel, options);
}

function correlated(x: Tensor, dy: Tensor, kernel: Shape, options: ConvOptions): Tensor {
  const where = "convKernelGrad";
  const last = x.rank - 1;
  if (x.rank < 3 || dy.rank !== x.rank || kernel.length !== x.rank - 2) {
    assertConvRanks(where, x.shape, [...kernel, 1, 1]);
    throw new ShapeError(
      `${where}: expected x and dy of the same rank, got ${shapeText(x.shape)} and ${shapeText(dy.shape)}.`,
    );
  }
  const { groups = 1 } = options;
  assertGroups(where, groups, x.shape[last], dy.shape[last]);
  const space: Shape = x.shape.slice(1, -1);
  const attrs = windowAttrs(where, space, kernel, options);
  const wanted = [x.shape[0], ...windowCounts(space, kernel, attrs), dy.shape[last]];
  if (!sameShape(dy.shape, wanted)) {
    throw new ShapeError(
      `${where}: expected dy of shape ${shapeText(wanted)}, as conv gives for ${shapeText(x.shape)}, got ${shapeText(dy.shape)}. Check strides and padding.`,
    );
  }
  return apply(convKernelGradOp, convOperands(where, x, dy), { ...attrs, groups, kernel: [...kernel] });
}
