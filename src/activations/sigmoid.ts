// tested by src/activations/activations.test.ts
import type { Tensor } from "../graph/tensor.ts";
import { sigmoid as op } from "../ops/sigmoid.ts";

/** sigmoid(x) = 1 / (1 + e^-x), in (0, 1): the probability of one class. */
export function sigmoid(x: Tensor): Tensor {
  return op(x);
}
