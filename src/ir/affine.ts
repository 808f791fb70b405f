import { onceEach } from "../core/once-each.ts";
import type { Expr } from "./expr.ts";

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
export const affineOf: (e: Expr) => Affine | null = onceEach((e) => {
  if (e.dtype !== "int32") return null;
  if (e.kind === "const") return { ...ZERO, offset: e.value };
  if (e.kind === "index") return { ...ZERO, index: new Map([[e.axis, 1]]) };
  if (e.kind === "range") return { ...ZERO, range: new Map([[e.axis, 1]]) };
  if (e.kind !== "call") return null;
  const [first, second] = e.args;
  if (first === undefined) return null;
  const a = affineOf(first);
  if (a === null) return null;
  if (e.op === "neg") return combine(ZERO, a, -1);
  const b = second === undefined ? null : affineOf(second);
  if (b === null) return null;
  if (e.op === "add") return combine(a, b, 1);
  if (e.op === "sub") return combine(a, b, -1);
  if (e.op === "mul" && isConstant(b)) return combine(ZERO, a, b.offset);
  if (e.op === "mul" && isConstant(a)) return combine(ZERO, b, a.offset);
  return null;
});

const NONE: ReadonlyMap<number, number> = new Map();
const ZERO: Affine = { offset: 0, index: NONE, range: NONE };

function isConstant(a: Affine): boolean {
  return a.index.size === 0 && a.range.size === 0;
}

/** a + times * b. */
function combine(a: Affine, b: Affine, times: number): Affine {
  return {
    offset: a.offset + times * b.offset,
    index: sum(a.index, b.index, times),
    range: sum(a.range, b.range, times),
  };
}

function sum(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
  times: number,
): ReadonlyMap<number, number> {
  if (b.size === 0) return a;
  if (a.size === 0 && times === 1) return b;
  const out = new Map(a);
  for (const [axis, n] of b) {
    const total = (out.get(axis) ?? 0) + times * n;
    if (total === 0) out.delete(axis);
    else out.set(axis, total);
  }
  return out;
}

/** The element offset of `index` in a row-major array of `strides`, or null where it is not affine. */
export function affineOffset(index: readonly Expr[], strides: readonly number[]): Affine | null {
  let total = ZERO;
  for (let axis = 0; axis < index.length; axis++) {
    const a = affineOf(index[axis] as Expr);
    if (a === null) return null;
    total = combine(total, a, strides[axis] as number);
  }
  return total;
}
