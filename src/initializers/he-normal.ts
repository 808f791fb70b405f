// tested by src/initializers/initializers.test.ts
import type { Initializer } from "./initializer.ts";
import type { SeedOptions } from "./random-initializer.ts";
import { fanIn, varianceScaling } from "./variance-scaling.ts";

/** w ~ N(0, 2 / fanIn), cut off at two deviations: for relu, which halves the variance (He and others 2015). */
export function heNormal(options: SeedOptions = {}): Initializer {
  const rule = { className: "HeNormal", scale: 2, fan: fanIn, distribution: "truncatedNormal" } as const;
  return varianceScaling(rule, options);
}
