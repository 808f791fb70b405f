// tested by src/ops/conv.test.ts
import { type DType, promote } from "../core/dtype.ts";
import { ShapeError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Shape } from "../core/shape-types.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Expr, s } from "../ir/expr.ts";
import { castTo } from "./cast.ts";
import { summable } from "./sum.ts";
import { type Padding, plus, type Sizes, times, type WindowAttrs, type WindowOptions } from "./window.ts";

/** What the three ops of a convolution share. */
export type ConvAttrs = WindowAttrs & { readonly groups: number };

export interface ConvOptions<T extends Sizes = Sizes, P extends Padding = Padding, D extends Sizes = Sizes>
  extends WindowOptions<T, P> {
  /** The distance between places that a kernel's neighbours cover; 1 by default. */
  readonly dilation?: D;
  /** Into how many groups channels and filters are divided, each convolved on its own; 1 by default. */
  readonly groups?: number;
}

/** Number c of the `each` that belong to the group of `of`, where a group has `size` of the other kind. */
export function inGroup(groups: number, of: Expr, size: number, each: number, c: Expr): Expr {
  return groups === 1 ? c : plus(times(s.floorDiv(of, size), each), c);
}

/** Throws unless both are [batch, ...space, channels] and [...kernel, channels, filters] of one rank. */
export function assertConvRanks(where: string, x: Shape, kernel: Shape): void {
  if (x.length >= 3 && kernel.length === x.length) return;
  const sizes = `[batch, ...space, channels] and a kernel [...sizes, channels, filters]`;
  const one = kernel.length === x.length + 1;
  const advice = one
    ? ` Add an axis: ${shapeText([...x, 1])} is one channel, ${shapeText([1, ...x])} a batch of one.`
    : "";
  throw new ShapeError(
    `${where}: expected ${sizes}, both of the same rank of at least 3, got ${shapeText(x)} and ${shapeText(kernel)}.${advice}`,
  );
}

/** Throws unless the groups divide channels and filters. */
export function assertGroups(where: string, groups: number, channels: number, filters: number): void {
  if (!Number.isSafeInteger(groups) || groups < 1) {
    throw new ValueError(`${where}: expected groups to be a whole number of at least 1, got ${String(groups)}.`);
  }
  const [what, n] = channels % groups !== 0 ? ["channels", channels] : ["filters", filters];
  if (n % groups === 0) return;
  throw new ShapeError(
    `${where}: ${n} ${what} do not divide into ${groups} groups. Use groups that divide ${channels} channels and ${filters} filters.`,
  );
}

/** `use x.transpose([0, 2, 3, 1])`, where the channels are on the axis after the batch; "" where they are not. */
export function channelsFirstAdvice(x: readonly (number | null)[], channels: number): string {
  if (x.length < 3 || x[1] !== channels || x[x.length - 1] === channels) return "";
  const perm = [0, ...x.slice(2).map((_, axis) => axis + 2), 1];
  return ` Axis 1 has ${channels}: this looks like channels first; use x.transpose([${perm.join(", ")}]).`;
}

/** Operands in the dtype in which they multiply. */
export function convOperands(where: string, a: Tensor, b: Tensor, bias?: Tensor): Tensor[] {
  const both = promote(summable(a, where).dtype, summable(b, where).dtype, where);
  const dtype: DType = bias === undefined ? both : promote(both, bias.dtype, where);
  const operands = bias === undefined ? [a, b] : [a, b, bias];
  return operands.map((x) => (x.dtype === dtype ? x : castTo(x, dtype)));
}
