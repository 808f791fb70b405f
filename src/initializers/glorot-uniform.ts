// tested by src/initializers/initializers.test.ts
import type { Initializer } from "./initializer.ts";
import type { SeedOptions } from "./random-initializer.ts";
import { fanMean, varianceScaling } from "./variance-scaling.ts";

/** w ~ U(-a, a), a = sqrt(6 / (fanIn + fanOut)): keeps the variance of signals and gradients (Glorot, Bengio 2010). */
export function glorotUniform(options: SeedOptions = {}): Initializer {
  const rule = { className: "GlorotUniform", scale: 1, fan: fanMean, distribution: "uniform" } as const;
  return varianceScaling(rule, options);
}
