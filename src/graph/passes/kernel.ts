import type { Shape } from "../../core/shape-types.ts";
import type { Combine, Expr } from "../../ir/expr.ts";
import type { Node } from "../node.ts";
import type { Tensor } from "../tensor.ts";

/** What a backend runs as one unit, in order. Loads in a body number the kernel's `inputs`. */
export type Kernel = MapKernel | ReduceKernel | OpKernel;

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
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}
