import type { DType } from "../core/dtype.ts";
import type { Key } from "../core/random-key.ts";
import type { Shape } from "../core/shape-types.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Tensor } from "../graph/tensor.ts";

/** Where a weight starts: the same key gives the same values. */
export interface Initializer {
  /** As Keras writes it. */
  readonly config: ConfigObject;
  make(shape: Shape, dtype: DType, key: Key): Tensor;
}
