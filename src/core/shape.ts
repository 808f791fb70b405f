import { ShapeError } from "./errors.ts";
import type { Shape } from "./shape-types.ts";

export type { Shape } from "./shape-types.ts";

/** The number of values a shape holds; a scalar's is 1. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

/** `(3, 1)`, `(5,)` and `()`, as NumPy writes them; an open size is `null`. */
export function shapeText(shape: readonly (number | null)[]): string {
  if (shape.length === 1) return `(${shape[0] ?? "null"},)`;
  return `(${shape.map((n) => n ?? "null").join(", ")})`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, axis) => n === b[axis]);
}

/** The axis counted from the front; `where` starts the message of a ShapeError. */
export function normalizeAxis(axis: number, rank: number, where: string): number {
  const fromFront = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || fromFront < 0 || fromFront >= rank) {
    const range = rank === 0 ? "a scalar has no axes" : `expected ${-rank} to ${rank - 1} for rank ${rank}`;
    throw new ShapeError(`${where}: axis ${axis} is out of range; ${range}.`);
  }
  return fromFront;
}

/** Sorted distinct axes counted from the front; all of them when undefined. */
export function normalizeAxes(axis: number | readonly number[] | undefined, rank: number, where: string): number[] {
  if (axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  const axes = (typeof axis === "number" ? [axis] : axis).map((a) => normalizeAxis(a, rank, where));
  if (new Set(axes).size !== axes.length)
    throw new ShapeError(`${where}: axes ${shapeText(axes)} name one axis twice.`);
  return axes.sort((a, b) => a - b);
}

/** NumPy's broadcasting: sizes are aligned at the end, and a size of 1 stretches. */
export function broadcastShapes(a: Shape, b: Shape, where: string): number[] {
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const m = a[a.length - i] ?? 1;
    const n = b[b.length - i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw new ShapeError(broadcastMessage(a, b, where, m, n, i));
    out[rank - i] = m === 1 ? n : m;
  }
  return out;
}

function broadcastMessage(a: Shape, b: Shape, where: string, m: number, n: number, fromEnd: number): string {
  const short = a.length < b.length ? a : b;
  const long = a.length < b.length ? b : a;
  const column =
    short.length === 1 && long.length >= 2 && long[long.length - 2] === short[0]
      ? ` A ${shapeText(short)} vector is not a (${short[0]}, 1) column: use x.reshape([${short[0]}, 1]).`
      : " Sizes are aligned at the end and must be equal or 1.";
  return `${where}: shapes ${shapeText(a)} and ${shapeText(b)} do not broadcast (${m} against ${n} at axis -${fromEnd}).${column}`;
}

/** Throws unless every size is a non-negative integer. */
export function assertShape(shape: readonly unknown[], where: string): asserts shape is readonly number[] {
  if (!Array.isArray(shape)) throw new ShapeError(`${where}: expected a shape such as [2, 3], got ${String(shape)}.`);
  for (const n of shape) {
    if (typeof n !== "number" || !Number.isInteger(n) || n < 0) {
      throw new ShapeError(`${where}: sizes are integers of at least 0, got ${String(n)} in [${shape.join(", ")}].`);
    }
  }
}
