// tested by src/initializers/initializers.test.ts
import { filled } from "./constant.ts";
import type { Initializer } from "./initializer.ts";

/** w = 0: for biases. Kernels of zeros learn nothing, since all units stay alike. */
export function zeros(): Initializer {
  return filled("Zeros", {}, 0);
}
