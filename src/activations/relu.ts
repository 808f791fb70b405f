// tested by src/activations/activations.test.ts
import type { Tensor } from "../graph/tensor.ts";
import { relu as op } from "../ops/relu.ts";

/** relu(x) = max(x, 0); relu'(0) = 0. */
export function relu(x: Tensor): Tensor {
  return op(x);
}
