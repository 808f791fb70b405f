import type { TypedArray } from "../core/dtype.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";

/** What labels a loss takes: of the prediction's shape, class indices (one axis fewer), or not known here. */
export type LossKind = "same" | "sparse" | "any";

/** How far predictions are from labels, one value a sample: the trainer weighs and averages them. */
export interface Loss<out K extends LossKind = LossKind> {
  readonly name: string;
  readonly kind: K;
  /** Predictions are logits: what a sigmoid or softmax would turn into probabilities. */
  readonly fromLogits?: boolean;
  /** As Keras writes it. */
  readonly config: ConfigObject;
  /** [batch]: a sample with several positions counts with their mean. */
  call(yTrue: Tensor, yPred: Tensor): Tensor;
  /** Throws where labels of this shape and dtype cannot belong to such predictions. */
  checkTargets?(yTrue: Spec, yPred: Spec): void;
  /** Throws a DataError that names the first row with a label that is none; `firstRow` is added to the row's number. */
  checkLabels?(values: TypedArray, yTrue: Spec, yPred: Spec, firstRow?: number): void;
}
