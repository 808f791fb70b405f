import { onceEach } from "../core/once-each.ts";
import type { Call, Expr } from "./expr.ts";

/**
 * offset + sum of coefficient[axis] * index(axis): what an address is when it walks in straight lines. Coefficients are
 * not 0. Sums past 2^31 do not wrap as int32 would: no coordinate gets there.
 */
export interface Affine {
  readonly offset: number;
  readonly index: ReadonlyMap<number, number>;
  readonly range: ReadonlyMap<number, number>;
}

/** The affine form of an int32 expression, or null when it has none. */
export function affineOf(e: Expr): Affine | null {
  if (e.dtype !== "int32") return null;
  if (e.kind === "const") return { offset: e.value, index: NONE, range: NONE };
  if (e.kind === "index") return { offset: 0, index: stepOfOne(e.axis), range: NONE };
  if (e.kind === "range") return { offset: 0, index: NONE, range: stepOfOne(e.axis) };
  if (e.kind !== "call") return null;
  return affineCall(e);
}

/** A part is asked again for each whole that holds it. */
const affineCall = onceEach((e: Call): Affine | null => {
  const [first, second] = e.args;
  if (first === undefined) return null;
  const a = affineOf(first);
  if (a === null) return null;
  if (e.op === "neg") return scale(a, -1);
  const b = second === undefined ? null : affineOf(second);
  if (b === null) return null;
  if (e.op === "add") return combine(a, b, 1);
  if (e.op === "sub") return combine(a, b, -1);
  if (e.op === "mul" && isConstant(b)) return scale(a, b.offset);
  if (e.op === "mul" && isConstant(a)) return scale(b, a.offset);
  return null;
});

const NONE: ReadonlyMap<number, number> = new Map();
const AXES: ReadonlyMap<number, number>[] = [];

function stepOfOne(axis: number): ReadonlyMap<number, number> {
  AXES[axis] ??= new Map([[axis, 1]]);
  return AXES[axis];
}

function isConstant(a: Affine): boolean {
  return a.index.size === 0 && a.range.size === 0;
}

function scale(a: Affine, by: number): Affine {
  if (by === 0) return { offset: 0, index: NONE, range: NONE };
  if (by === 1) return a;
  // + 0: no offset is -0.
  return { offset: a.offset * by + 0, index: times(a.index, by), range: times(a.range, by) };
}

function times(m: ReadonlyMap<number, number>, by: number): ReadonlyMap<number, number> {
  if (m.size === 0) return NONE;
  const out = new Map<number, number>();
  for (const [axis, n] of m) out.set(axis, n * by);
  return out;
}

function combine(a: Affine, b: Affine, sign: number): Affine {
  return {
    offset: a.offset + sign * b.offset,
    index: sum(a.index, b.index, sign),
    range: sum(a.range, b.range, sign),
  };
}

function sum(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
  sign: number,
): ReadonlyMap<number, number> {
  if (b.size === 0) return a;
  if (a.size === 0 && sign === 1) return b;
  const out = new Map(a);
  for (const [axis, n] of b) {
    const total = (out.get(axis) ?? 0) + sign * n;
    if (total === 0) out.delete(axis);
    else out.set(axis, total);
  }
  return out;
}

/** The element offset of `index` in a row-major array of `strides`, or null where it is not affine. */
export function affineOffset(index: readonly Expr[], strides: readonly number[]): Affine | null {
  let total: Affine = { offset: 0, index: NONE, range: NONE };
  for (let axis = 0; axis < index.length; axis++) {
    const a = affineOf(index[axis] as Expr);
    if (a === null) return null;
    total = combine(total, scale(a, strides[axis] as number), 1);
  }
  return total;
}
