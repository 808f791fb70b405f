import type { DType } from "../core/dtype.ts";
import type { Shape } from "../core/shape-types.ts";
import type { Meaning } from "../ir/expr.ts";
import type { Ops } from "../ops/index.ts";
import type { Body, DifferentiateBody } from "./body.ts";
import type { Tensor } from "./tensor.ts";

/** The shape and dtype of a value. */
export interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Plain data, compared and printed: a node's attributes. A Body is the graph that scan or cond runs. */
export type AttrValue =
  | number
  | string
  | boolean
  | null
  | Body
  | readonly AttrValue[]
  | { readonly [key: string]: AttrValue };
export type Attrs = { readonly [key: string]: AttrValue };

/** An op with its inputs: a node that is still to be made. */
export interface Application<A extends Attrs = Attrs> {
  readonly op: Op<A>;
  readonly inputs: readonly Tensor[];
  readonly attrs: A;
}

/** What a backward walk asks of a node. */
export interface GradRequest {
  /** The inputs whose gradients are asked for; others may be given too. */
  readonly wanted: readonly boolean[];
  /** The outputs that have a gradient; the others' are zeros. */
  readonly given: readonly boolean[];
}

/** What a gradient may use: the node's values and attributes. */
export interface GradContext<A extends Attrs = Attrs> extends GradRequest {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attrs: A;
}

/** All ops, and the derivative of a body, handed to gradients so that op files need not import each other. */
export type GradientOps = Ops & { readonly vjp: DifferentiateBody };

/**
 * Everything gradwise knows about one operation. `kind` says how it may be scheduled:
 * - "map": each output element reads single elements (elementwise maths, views, gather); `scalar` gives the meaning;
 * - "reduce": `scalar` with ranges; joins one run of neighbouring axes, or is a product or a window;
 * - "structural": no scalar meaning (scan, cond, scatterAdd, sort): each backend has a row for it;
 * - "source": an input, read from outside the graph.
 */
export interface Op<A extends Attrs = Attrs> {
  readonly name: string;
  readonly kind: "map" | "reduce" | "structural" | "source";
  /** The op gives a view of its input in the same order: a plan lets both share memory. */
  readonly alias?: boolean;
  /** Run when a value is asked for, together with what uses it (constants, broadcasts): eager code gains by it. */
  readonly lazy?: boolean;
  /** The specs of the outputs; throws a GradwiseError where the inputs do not fit. */
  infer(inputs: readonly Spec[], attrs: A): readonly Spec[];
  /** One element of output `output` (0 unless the op has several). */
  scalar?(inputs: readonly Spec[], attrs: A, output: number): Meaning;
  /**
   * The gradients of the inputs, in ops, from those of the outputs (never null: a missing one is zeros); null where
   * there is none. Absent: the op has no gradient by definition (comparisons, rounding to int): nothing flows.
   */
  grad?(dys: readonly Tensor[], ctx: GradContext<A>, o: GradientOps): readonly (Tensor | null)[];
  /**
   * What gives the same bits for less, NaN and -0 included: a tensor that is there already, or one application in
   * place of this one. Null: nothing does. Only of ops with one output.
   */
  simplify?(inputs: readonly Tensor[], attrs: A): Tensor | Application | null;
  /** What takes the node's place before its gradient is asked for: it outputs the same, then what the gradient reads. */
  augment?(ctx: GradContext<A>, o: GradientOps): Application;
}
