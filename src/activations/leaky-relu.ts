// tested by src/activations/activations.test.ts
import type { Tensor } from "../graph/tensor.ts";
import { greaterEqual } from "../ops/greater-equal.ts";
import { mul } from "../ops/mul.ts";
import { where } from "../ops/where.ts";

/** leakyRelu(x) = x where x >= 0, 0.2 x elsewhere: units that are off still learn (Maas and others 2013). */
export function leakyRelu(x: Tensor, negativeSlope = 0.2): Tensor {
  return where(greaterEqual(x, 0), x, mul(x, negativeSlope));
}
