// tested by src/initializers/initializers.test.ts
import { ValueError } from "../core/errors.ts";
import { uniform } from "../ops/random.ts";
import type { Initializer } from "./initializer.ts";
import { randomInitializer, type SeedOptions } from "./random-initializer.ts";

export interface UniformOptions extends SeedOptions {
  /** The least value; -0.05 by default. */
  readonly low?: number;
  /** Greater than all values; 0.05 by default. */
  readonly high?: number;
}

/** w ~ U[low, high). */
export function randomUniform(options: UniformOptions = {}): Initializer {
  const { low = -0.05, high = 0.05, seed } = options;
  if (!(low <= high)) {
    throw new ValueError(`initializers.randomUniform: expected low <= high, got low ${low} and high ${high}.`);
  }
  return randomInitializer({
    className: "RandomUniform",
    config: { minval: low, maxval: high },
    seed,
    draw: (drawn) => uniform({ ...drawn, low, high }),
  });
}
