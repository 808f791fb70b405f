// tested by src/initializers/initializers.test.ts
import type { Initializer } from "./initializer.ts";
import type { SeedOptions } from "./random-initializer.ts";
import { fanIn, varianceScaling } from "./variance-scaling.ts";

/** w ~ U(-a, a), a = sqrt(3 / fanIn) (LeCun and others, Efficient BackProp, 1998). */
export function lecunUniform(options: SeedOptions = {}): Initializer {
  const rule = { className: "LecunUniform", scale: 1, fan: fanIn, distribution: "uniform" } as const;
  return varianceScaling(rule, options);
}
