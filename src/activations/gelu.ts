// tested by src/activations/activations.test.ts
import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/add.ts";
import { mul } from "../ops/mul.ts";
import { tanh } from "../ops/tanh.ts";

/**
 * gelu(x) = x P(z <= x) for a normal z, approximately x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 (Hendrycks,
 * Gimpel 2016). The exact form needs erf, which is not there yet, so `approximate` must be given, as in Keras.
 */
export function gelu(x: Tensor, _options: { readonly approximate: true }): Tensor {
  const cubed = mul(mul(x, x), x);
  const inner = mul(add(x, mul(cubed, 0.044715)), Math.sqrt(2 / Math.PI));
  return mul(x, mul(add(tanh(inner), 1), 0.5));
}
