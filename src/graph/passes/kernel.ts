import type { DType } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape-types.ts";
import type { Combine, Expr } from "../../ir/expr.ts";
import type { Node } from "../node.ts";
import type { Tensor } from "../tensor.ts";

/** What a backend runs as one unit, in order. Loads in a body number the kernel's `inputs`. */
export type Kernel = MapKernel | ReduceKernel | RowKernel | OpKernel;

/** Elementwise: every output has `shape`; bodies[i] computes an element of outputs[i]. */
export interface MapKernel {
  readonly kind: "map";
  readonly shape: Shape;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly bodies: readonly Expr[];
}

/**
 * A reduction of one run of axes. `space` is the input's shape [pre..., reduced..., post...]; the body's indices
 * are coordinates of that space; axes from..from+count-1 are joined.
 */
export interface ReduceKernel {
  readonly kind: "reduce";
  readonly space: Shape;
  readonly from: number;
  readonly count: number;
  readonly combine: Combine;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly bodies: readonly Expr[];
}

/** One node as it is: a hand-made kernel, or the backend's generic one. */
export interface OpKernel {
  readonly kind: "op";
  readonly node: Node;
  /** What it computes after its own op, as the backend says that it can: the outputs are those. */
  readonly followers: readonly Node[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/**
 * Several passes over each row of `space`, row by row: a softmax is a maximum, a sum and a quotient. Axes from `from`
 * on are the row. Loads number the `inputs`, then the `kept` rows, then the `results` of reductions.
 */
export interface RowKernel {
  readonly kind: "row";
  readonly space: Shape;
  readonly from: number;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Rows of values that a later pass uses again, so as not to compute them twice. */
  readonly kept: readonly DType[];
  readonly results: readonly DType[];
  readonly passes: readonly RowPass[];
  /** Outputs with one value a row, computed after the passes. */
  readonly tail: readonly RowStore[];
}

/** One walk along the row. */
export interface RowPass {
  readonly reductions: readonly { readonly combine: Combine; readonly result: number; readonly body: Expr }[];
  readonly keeps: readonly { readonly kept: number; readonly body: Expr }[];
  readonly stores: readonly RowStore[];
}

export interface RowStore {
  readonly output: number;
  readonly body: Expr;
}
