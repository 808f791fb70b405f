// tested by src/layers/multi-head-attention.test.ts
import { ShapeError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { abs } from "../ops/abs.ts";
import { castTo } from "../ops/cast.ts";
import { greaterEqual } from "../ops/greater-equal.ts";
import { iota } from "../ops/iota.ts";
import { less } from "../ops/less.ts";
import { logicalAnd } from "../ops/logical-and.ts";
import { reshape } from "../ops/reshape.ts";
import { sub } from "../ops/sub.ts";

/** What may attend to what: masks of bools (or of 0 and 1), all of which must allow it. */
export interface AttentionMasks {
  /** [batch, T, S], [T, S] or [batch, heads, T, S]: whether place t of the query may attend to place s of the value. */
  readonly attentionMask?: Tensor;
  /** [batch, T]: places of the query that count. */
  readonly queryMask?: Tensor;
  /** [batch, S]: places of the value that count. */
  readonly valueMask?: Tensor;
  /** [batch, S]: places of the key that count. */
  readonly keyMask?: Tensor;
  /** Whether a place attends to itself and to those before it alone; false by default. */
  readonly useCausalMask?: boolean;
}

interface Sizes {
  readonly batch: number;
  readonly heads: number;
  /** Steps of the query. */
  readonly t: number;
  /** Steps of key and value. */
  readonly s: number;
  /** Each place attends to those fewer than this many steps away; null for all. */
  readonly window: number | null;
}

/** What all masks together allow, to be stretched over [batch, heads, T, S], and whether a row may allow nothing. */
export function joinMasks(
  where: string,
  masks: AttentionMasks,
  { batch, heads, t, s, window }: Sizes,
): { readonly mask: Tensor | null; readonly mayBeEmpty: boolean } {
  const given: Tensor[] = [];
  const add = (name: keyof AttentionMasks, shapes: readonly (readonly number[])[], to: (mask: Tensor) => number[]) => {
    const mask = masks[name] as Tensor | undefined;
    if (mask === undefined) return;
    const fits = shapes.some((shape) => shape.length === mask.rank && shape.every((n, i) => n === mask.shape[i]));
    if (!fits) {
      const wanted = shapes.map((shape) => shapeText(shape)).join(" or ");
      throw new ShapeError(`${where}: expected ${name} of shape ${wanted}, got ${shapeText(mask.shape)}.`);
    }
    given.push(reshape(mask.dtype === "bool" ? mask : castTo(mask, "bool"), to(mask)));
  };
  const pairs = [[batch, t, s], [t, s], [batch, heads, t, s], [batch, 1, t, s]]; // biome-ignore format: a row
  add("attentionMask", pairs, ({ shape, rank }) => (rank === 3 ? [batch, 1, t, s] : [...shape]));
  add("queryMask", [[batch, t]], () => [batch, 1, t, 1]);
  add("valueMask", [[batch, s]], () => [batch, 1, 1, s]);
  add("keyMask", [[batch, s]], () => [batch, 1, 1, s]);
  const mayBeEmpty = given.length > 0 || (window !== null && t > s);
  const [row, column]: Tensor[] = [reshape(iota(t), [t, 1]), reshape(iota(s), [1, s])];
  if (masks.useCausalMask === true) given.push(greaterEqual(row, column));
  if (window !== null) given.push(less(abs(sub(row, column)), window));
  return { mask: given.length === 0 ? null : given.reduce((a, b) => logicalAnd(a, b) as Tensor), mayBeEmpty };
}
