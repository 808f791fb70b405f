// tested by src/initializers/initializers.test.ts
import type { Initializer } from "./initializer.ts";
import type { SeedOptions } from "./random-initializer.ts";
import { fanIn, varianceScaling } from "./variance-scaling.ts";

/** w ~ N(0, 1 / fanIn), cut off at two deviations (LeCun and others, Efficient BackProp, 1998). */
export function lecunNormal(options: SeedOptions = {}): Initializer {
  const rule = { className: "LecunNormal", scale: 1, fan: fanIn, distribution: "truncatedNormal" } as const;
  return varianceScaling(rule, options);
}
