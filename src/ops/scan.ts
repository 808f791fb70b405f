import { DTypeError, ShapeError, ValueError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import { applyAll } from "../graph/apply.ts";
import type { Body } from "../graph/body.ts";
import type { Op, Spec } from "../graph/op.ts";
import { Tensor } from "../graph/tensor.ts";
import { expandDims } from "./expand-dims.ts";
import { loopGradient, withResiduals } from "./scan-gradient.ts";
import { traceBody, withoutUnread } from "./trace-body.ts";
import { where } from "./where.ts";

export type ScanAttrs = {
  /** From carries, slices of the xs and constants to the next carries and the ys of one step. */
  readonly body: Body;
  /** The body before it had to save values for its gradient; null where it has not. */
  readonly primal: Body | null;
  readonly carries: number;
  readonly xs: number;
  readonly length: number;
  readonly reverse: boolean;
};

/**
 * c_t+1, y_t = body(c_t, x_t, constants) for t = 0 .. length - 1 (from the last on where `reverse`): the last carry, and
 * the ys stacked. The body runs as a loop of the program: its code does not grow with the length. The gradient is a
 * scan the other way over what the body computed; see scan-gradient.ts.
 */
export const scanOp: Op<ScanAttrs> = {
  name: "scan",
  kind: "structural",
  infer: (_inputs, { body, carries, length }) =>
    body.graph.outputs.map(({ shape, dtype }, i) => ({ shape: i < carries ? shape : [length, ...shape], dtype })),
  augment: (ctx, o) => ({ op: scanOp, inputs: ctx.inputs, attrs: withResiduals(ctx, o) }),
  grad: (dys, ctx, o) => loopGradient(dys, ctx, o, applyScan),
};

/** One tensor, or a list of them. */
export type Tensors = Tensor | readonly Tensor[];
/** The same structure with tensors of any shape. */
export type Like<T extends Tensors> = T extends Tensor ? Tensor : { [I in keyof T]: Tensor };

/** What a body may return for it: a list of as many, which is looked at when it runs. */
export type Given<T extends Tensors> = T extends Tensor ? Tensor : readonly Tensor[];

export interface ScanOptions {
  /** How many steps; needed where there are no xs to tell. */
  readonly length?: number;
  /** Walks from the last slice to the first; ys stay in the order of the xs. */
  readonly reverse?: boolean;
  /**
   * [length, rows]: where false, the row (first axis) of each carry stays as it is; a y that is a carry is that one,
   * any other y is 0. So sequences of different lengths share a batch.
   */
  readonly mask?: Tensor;
}

/**
 * A loop inside a program: `body` maps the carry and one slice of each of the xs (along their first axis) to the next
 * carry and, where asked for, a y; the ys are stacked along a new first axis.
 *
 *     const { carry, ys } = scan((sum, x) => ({ carry: sum.add(x), y: sum }), tensor(0), tensor([1, 2, 3]));
 *     // carry 6, ys [0, 1, 3]
 *
 * What the body reads from around it, Variables too, is constant over the steps; assigning there throws a TraceError.
 * Differentiates to any order. Throws where a carry changes its shape or dtype, and where there is no step.
 */
export function scan<C extends Tensors, X extends Tensors, Y extends Tensors = readonly []>(
  body: (carry: Like<C>, x: Like<X>) => { readonly carry: Given<C>; readonly y?: Y },
  carry: C,
  xs: X,
  options: ScanOptions = {},
): { carry: C; ys: Like<Y> } {
  const [starts, slices] = [listOf(carry, "carry"), listOf(xs, "xs")];
  const length = lengthOf(slices, options);
  const masks = options.mask === undefined ? [] : [maskOf(options.mask, length, starts)];
  const single = { carry: carry instanceof Tensor, x: xs instanceof Tensor, y: true };
  const specs = [...starts, ...slices.map(sliceOf), ...masks.map(sliceOf)];
  const { body: traced, captured } = traceBody(specs, (given) => {
    const old = given.slice(0, starts.length);
    const x = given.slice(starts.length, starts.length + slices.length);
    const result = body((single.carry ? old[0] : old) as Like<C>, (single.x ? x[0] : x) as Like<X>);
    const next = nextCarry(result?.carry, starts);
    const ys = result.y === undefined ? [] : listOf(result.y, "y");
    single.y = result.y instanceof Tensor;
    const [mask] = given.slice(starts.length + slices.length);
    return mask === undefined ? [...next, ...ys] : masked(mask, old, next, ys);
  });
  const attrs = { carries: starts.length, length, reverse: options.reverse ?? false };
  const outputs = applyScan(traced, { ...attrs, primal: null }, starts, [...slices, ...masks], captured);
  const [last, stacks] = [outputs.slice(0, starts.length), outputs.slice(starts.length)];
  return { carry: (single.carry ? last[0] : last) as C, ys: (single.y ? stacks[0] : stacks) as Like<Y> };
}

/** Applies a body, without the xs and constants that it does not read. */
export function applyScan(
  body: Body,
  attrs: Omit<ScanAttrs, "body" | "xs">,
  carries: readonly Tensor[],
  xs: readonly Tensor[],
  constants: readonly Tensor[],
): readonly Tensor[] {
  const { body: lean, captured } = withoutUnread(body, carries.length, [...xs, ...constants]);
  const read = xs.filter((_, i) => body.reads[carries.length + i]).length;
  return applyAll(scanOp, [...carries, ...captured], { ...attrs, body: lean, xs: read });
}

function listOf(given: Tensors, what: string): readonly Tensor[] {
  const list = given instanceof Tensor ? [given] : given;
  if (Array.isArray(list) && list.every((x) => x instanceof Tensor)) return list;
  throw new ValueError(`scan: expected ${what} to be a tensor or a list of tensors. Use tensor(values).`);
}

function sliceOf({ shape, dtype }: Tensor): Spec {
  return { shape: shape.slice(1), dtype };
}

function lengthOf(xs: readonly Tensor[], { length }: ScanOptions): number {
  const scalar = xs.findIndex((x) => x.rank === 0);
  if (scalar !== -1) throw new ShapeError(`scan: xs ${scalar} is a scalar: it has no axis to walk along.`);
  const lengths = [...(length === undefined ? [] : [length]), ...xs.map((x): number => x.shape[0])];
  if (lengths.length === 0) throw new ValueError("scan: nothing says how many steps. Give xs, or a length.");
  const [first] = lengths;
  const other = lengths.find((n) => n !== first);
  if (other !== undefined) {
    throw new ShapeError(
      `scan: expected xs of one length, got ${first} and ${other} steps. Their first axis is walked along.`,
    );
  }
  if (Number.isSafeInteger(first) && first >= 1) return first;
  throw new ValueError(
    `scan: expected at least 1 step, got ${String(first)}. Leave out sequences of length 0, or pad them and give a mask.`,
  );
}

function maskOf(mask: Tensor, length: number, carries: readonly Tensor[]): Tensor {
  const rows: number = mask.rank === 2 ? mask.shape[1] : -1;
  const fits = mask.dtype === "bool" && rows >= 0 && mask.shape[0] === length;
  if (fits && carries.every((c) => c.rank > 0 && c.shape[0] === rows)) return mask;
  throw new ShapeError(
    `scan: expected a bool mask of shape (${length}, rows), rows being the first axis of each carry, got ${mask.dtype} ${shapeText(mask.shape)}. Put the steps first: mask.transpose().`,
  );
}

function nextCarry(given: Tensors | undefined, starts: readonly Tensor[]): readonly Tensor[] {
  if (given === undefined)
    throw new ValueError("scan: expected the body to return { carry, y }, got no carry. Return the next carry.");
  const next = listOf(given, "the body's carry");
  if (next.length !== starts.length)
    throw new ValueError(`scan: the body got ${starts.length} carries and returned ${next.length}. Return each one.`);
  next.forEach((c, i) => {
    const start = starts[i];
    if (sameShape(c.shape, start.shape) && c.dtype === start.dtype) return;
    const Kind = sameShape(c.shape, start.shape) ? DTypeError : ShapeError;
    const text = (x: Tensor): string => `${shapeText(x.shape)} ${x.dtype}`;
    throw new Kind(
      `scan: the body changes carry ${i} from ${text(start)} to ${text(c)}. A carry keeps its shape and dtype: reshape or cast it, or start with the other.`,
    );
  });
  return next;
}

/** Old carries where the mask is false, and ys to match. */
function masked(mask: Tensor, old: readonly Tensor[], next: readonly Tensor[], ys: readonly Tensor[]): Tensor[] {
  const rows = (rank: number): Tensor => {
    let condition = mask;
    for (let axis = 1; axis < rank; axis++) condition = expandDims(condition, { axis: -1 }) as Tensor;
    return condition;
  };
  const kept = next.map((c, i) => where(rows(c.rank), c, old[i]) as Tensor);
  return [...kept, ...ys.map((y) => kept[next.indexOf(y)] ?? (where(rows(y.rank), y, 0) as Tensor))];
}
