// tested by src/initializers/initializers.test.ts
import type { Initializer } from "./initializer.ts";
import type { SeedOptions } from "./random-initializer.ts";
import { fanMean, varianceScaling } from "./variance-scaling.ts";

/** w ~ N(0, 2 / (fanIn + fanOut)), cut off at two deviations (Glorot, Bengio 2010). */
export function glorotNormal(options: SeedOptions = {}): Initializer {
  const rule = { className: "GlorotNormal", scale: 1, fan: fanMean, distribution: "truncatedNormal" } as const;
  return varianceScaling(rule, options);
}
