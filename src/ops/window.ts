// tested by src/ops/window-sum.test.ts
import { ShapeError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Add, Half, HalfUp, Sub } from "../core/shape-arithmetic.ts";
import type { Shape } from "../core/shape-types.ts";
import { type Expr, s } from "../ir/expr.ts";

/**
 * Where windows lie on each space axis: element k of the window of output i covers the place
 * i stride + k dilation - before, and padding adds `before` and `after` places of nothing to the axis.
 */
export type WindowAttrs = {
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly (readonly [before: number, after: number])[];
};

/** One number for every space axis, or one for each. */
export type Sizes = number | readonly number[];

/**
 * "valid": windows stay inside. "same": as many windows as places, divided by the stride and rounded up; the padding
 * is as even as can be, the odd place after. Or the places before and after: one number, one pair, or one for each axis.
 */
export type Padding = "valid" | "same" | number | readonly [number, number] | readonly (readonly [number, number])[];

export interface WindowOptions<T extends Sizes = Sizes, P extends Padding = Padding> {
  /** The step from one window to the next; 1 by default. */
  readonly strides?: T;
  /** "valid" by default. */
  readonly padding?: P;
}

/** How many windows of `kernel` an axis of n places has. */
function windowCount(n: number, kernel: number, stride: number, dilation: number, [before, after]: Pair): number {
  return Math.floor((n + before + after - (kernel - 1) * dilation - 1) / stride) + 1;
}

type Pair = readonly [before: number, after: number];

/** The output's sizes on the space axes. */
export function windowCounts(space: Shape, kernel: Shape, { strides, dilation, padding }: WindowAttrs): number[] {
  return space.map((n, axis) => windowCount(n, kernel[axis], strides[axis], dilation[axis], padding[axis]));
}

/** The attributes that options stand for on axes of these sizes; throws where windows do not fit. */
export function windowAttrs(
  where: string,
  space: Shape,
  kernel: Shape,
  options: WindowOptions & { readonly dilation?: Sizes },
): WindowAttrs {
  const each = (what: string, sizes: Sizes): number[] => sizesFor(where, what, sizes, space.length);
  each("a window", kernel);
  const strides = each("strides", options.strides ?? 1);
  const dilation = each("a dilation", options.dilation ?? 1);
  const padding = paddingFor(where, space, options.padding ?? "valid", (axis) => ({
    extent: (kernel[axis] - 1) * dilation[axis] + 1,
    stride: strides[axis],
  }));
  const counts = windowCounts(space, kernel, { strides, dilation, padding });
  if (counts.some((count) => count < 1) && space.includes(0)) {
    throw new ShapeError(
      `${where}: there is nothing to slide a window of ${shapeText(kernel)} over in ${shapeText(space)}. Leave such samples out, or pad them to one step or more.`,
    );
  }
  if (counts.some((count) => count < 1)) {
    const extent = kernel.map((k, axis) => (k - 1) * dilation[axis] + 1);
    const dilated = dilation.some((d) => d > 1) ? ` (dilated: ${shapeText(extent)})` : "";
    throw new ShapeError(
      `${where}: a window of ${shapeText(kernel)}${dilated} does not fit into ${shapeText(space)}. Use padding: "same", or a smaller window.`,
    );
  }
  return { strides, dilation, padding };
}

/** One whole number of at least 1 for each of `rank` axes. */
export function sizesFor(where: string, what: string, sizes: Sizes, rank: number): number[] {
  const all = Array.isArray(sizes) ? [...sizes] : new Array<number>(rank).fill(sizes as number);
  if (all.length === rank && all.every((n) => Number.isSafeInteger(n) && n >= 1)) return all;
  throw new ValueError(
    `${where}: expected ${what} of whole numbers of at least 1, one for all or one for each of ${rank} axes, got ${JSON.stringify(sizes)}.`,
  );
}

function paddingFor(
  where: string,
  space: Shape,
  padding: Padding,
  windowAt: (axis: number) => { readonly extent: number; readonly stride: number },
): Pair[] {
  if (padding === "valid") return space.map(() => [0, 0]);
  if (padding === "same") {
    return space.map((n, axis) => {
      const { extent, stride } = windowAt(axis);
      const missing = Math.max(0, (Math.ceil(n / stride) - 1) * stride + extent - n);
      return [Math.floor(missing / 2), Math.ceil(missing / 2)];
    });
  }
  const pairs = pairsOf(padding, space.length);
  const isPair = (p: unknown): boolean =>
    Array.isArray(p) && p.length === 2 && p.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (pairs.length === space.length && pairs.every(isPair)) return pairs.map(([before, after]) => [before, after]);
  throw new ValueError(
    `${where}: expected padding "valid", "same", or whole numbers of at least 0 as [before, after] for each of ${space.length} axes, got ${JSON.stringify(padding)}.`,
  );
}

function pairsOf(padding: Exclude<Padding, string>, rank: number): readonly Pair[] {
  const each = (pair: Pair): Pair[] => Array.from({ length: rank }, () => pair);
  if (typeof padding === "number") return each([padding, padding]);
  if (!Array.isArray(padding)) return [];
  return typeof padding[0] === "number" ? each(padding as unknown as Pair) : (padding as Pair[]);
}

/** Places on the space axes, and the condition under which they exist; null: always. */
export interface Places {
  readonly at: readonly Expr[];
  readonly inside: Expr | null;
}

/** What element k of the window of output i covers. */
export function coveredPlaces(space: Shape, i: readonly Expr[], k: readonly Expr[], attrs: WindowAttrs): Places {
  const conditions: Expr[] = [];
  const at = space.map((n, axis) => {
    const [before, after] = attrs.padding[axis];
    const place = plus(plus(times(i[axis], attrs.strides[axis]), times(k[axis], attrs.dilation[axis])), -before);
    if (before > 0) conditions.push(s.ge(place, 0));
    if (after > 0) conditions.push(s.lt(place, n));
    return place;
  });
  return { at, inside: allOf(conditions) };
}

/** The outputs whose windows cover place j with their element k: where the stride divides j + before - k dilation. */
export function coveringOutputs(counts: Shape, j: readonly Expr[], k: readonly Expr[], attrs: WindowAttrs): Places {
  const conditions: Expr[] = [];
  const at = counts.map((count, axis) => {
    const stride = attrs.strides[axis];
    const offset = s.sub(plus(j[axis], attrs.padding[axis][0]), times(k[axis], attrs.dilation[axis]));
    if (stride > 1) conditions.push(s.eq(s.mod(offset, stride), 0));
    const output = stride === 1 ? offset : s.floorDiv(offset, stride);
    conditions.push(s.ge(offset, 0), s.lt(output, count));
    return output;
  });
  return { at, inside: allOf(conditions) };
}

export function times(e: Expr, by: number): Expr {
  return by === 1 ? e : s.mul(e, by);
}

export function plus(a: Expr, b: Expr | number): Expr {
  return b === 0 ? a : s.add(a, b);
}

function allOf(conditions: readonly Expr[]): Expr | null {
  return conditions.length === 0 ? null : conditions.reduce((a, b) => s.and(a, b));
}

/** Space axes S after windows of K with strides T: exact for strides of 1 and 2, a message where no window fits. */
export type Window<S extends Shape, K, T, P, D = 1, Done extends Shape = []> = S extends readonly [
  infer N extends number,
  ...infer R extends Shape,
]
  ? Slid<N, First<K>, First<T>, P, First<D>> extends infer M
    ? M extends number
      ? Window<R, Rest<K>, Rest<T>, P, Rest<D>, [...Done, M]>
      : M
    : never
  : Done;

type First<K> = K extends number ? K : K extends readonly [infer H extends number, ...unknown[]] ? H : number;
type Rest<K> = K extends readonly [unknown, ...infer R] ? R : K;

type Slid<N extends number, K extends number, T extends number, P, D extends number> = [P] extends ["same"]
  ? Steps<N, T, N, HalfUp<N>>
  : [P] extends ["valid"]
    ? [D] extends [1]
      ? number extends N | K
        ? number
        : Sub<N, K> extends infer M extends number
          ? number extends M
            ? `a window of ${K} does not fit into ${N}`
            : Steps<M, T, Add<M, 1>, Add<Half<M>, 1>>
          : never
      : number
    : number;

/** One for a stride of 1, the other for 2. */
type Steps<N extends number, T extends number, One, Two> = number extends N | T
  ? number
  : [T] extends [1]
    ? One
    : [T] extends [2]
      ? Two
      : number;
