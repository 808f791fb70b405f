import type { ConfigObject } from "../formats/config-tree.ts";
import type { Tensor } from "../graph/tensor.ts";

/** What a metric remembers between batches: float64 scalars by name. */
export type MetricState = { readonly [name: string]: Tensor };

/** A quantity that is counted over batches, in float64. Pure, so that a step can hold it. */
export interface Metric<out N extends string = string> {
  readonly name: N;
  /** As Keras writes it. */
  readonly config: ConfigObject;
  init(): MetricState;
  /** `weight` is [batch], or null where every sample counts as one. */
  update(state: MetricState, yTrue: Tensor, yPred: Tensor, weight: Tensor | null): MetricState;
  /** A float64 scalar; 0 before the first sample, as in Keras. */
  result(state: MetricState): Tensor;
}
