// tested by src/activations/activations.test.ts
import type { Tensor } from "../graph/tensor.ts";
import { mul } from "../ops/mul.ts";
import { sigmoid } from "../ops/sigmoid.ts";

/** silu(x) = x sigmoid(x), also called swish (Elfwing and others 2017). */
export function silu(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}
