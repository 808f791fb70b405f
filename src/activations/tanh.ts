// tested by src/activations/activations.test.ts
import type { Tensor } from "../graph/tensor.ts";
import { tanh as op } from "../ops/tanh.ts";

/** tanh(x) = (e^x - e^-x) / (e^x + e^-x), in (-1, 1). */
export function tanh(x: Tensor): Tensor {
  return op(x);
}
