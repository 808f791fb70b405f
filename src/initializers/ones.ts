// tested by src/initializers/initializers.test.ts
import { filled } from "./constant.ts";
import type { Initializer } from "./initializer.ts";

/** w = 1: for scales. */
export function ones(): Initializer {
  return filled("Ones", {}, 1);
}
