// tested by src/initializers/initializers.test.ts
import type { Initializer } from "./initializer.ts";
import type { SeedOptions } from "./random-initializer.ts";
import { fanIn, varianceScaling } from "./variance-scaling.ts";

/** w ~ U(-a, a), a = sqrt(6 / fanIn): for relu, which halves the variance (He and others 2015). */
export function heUniform(options: SeedOptions = {}): Initializer {
  const rule = { className: "HeUniform", scale: 2, fan: fanIn, distribution: "uniform" } as const;
  return varianceScaling(rule, options);
}
