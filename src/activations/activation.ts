import type { Tensor } from "../graph/tensor.ts";

/** A function of one tensor that keeps its shape, applied to a layer's output. */
export type Activation = (x: Tensor) => Tensor;
