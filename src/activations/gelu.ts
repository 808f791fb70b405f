// tested by src/activations/activations.test.ts
import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/add.ts";
import { erf } from "../ops/erf.ts";
import { mul } from "../ops/mul.ts";
import { tanh } from "../ops/tanh.ts";

/**
 * gelu(x) = x P(z <= x) = x (1 + erf(x / sqrt(2))) / 2 for a normal z, or with `approximate` the cheaper
 * x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2: Hendrycks and Gimpel, Gaussian error linear units, 2016.
 */
export function gelu(x: Tensor, options: { readonly approximate?: boolean } = {}): Tensor {
  if (options.approximate !== true) return mul(x, mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5));
  const cubed = mul(mul(x, x), x);
  const inner = mul(add(x, mul(cubed, 0.044715)), Math.sqrt(2 / Math.PI));
  return mul(x, mul(add(tanh(inner), 1), 0.5));
}
