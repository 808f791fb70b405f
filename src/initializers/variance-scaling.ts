// tested by src/initializers/initializers.test.ts
import { truncatedNormal, uniform } from "../ops/random.ts";
import { type Fans, fansOf } from "./fans.ts";
import type { Initializer } from "./initializer.ts";
import { randomInitializer, type SeedOptions } from "./random-initializer.ts";

/** The deviation of N(0, 1) cut off at 2. */
const CUT_DEVIATION = 0.8796256610342398;

interface ScalingRule {
  readonly className: string;
  readonly scale: number;
  readonly fan: (fans: Fans) => number;
  readonly distribution: "truncatedNormal" | "uniform";
}

/** Weights of variance scale / fan: normal ones cut off at two deviations, or uniform in +-sqrt(3 scale / fan). */
export function varianceScaling(rule: ScalingRule, options: SeedOptions): Initializer {
  const { className, scale, fan, distribution } = rule;
  return randomInitializer({
    className,
    config: { input_axes: null, output_axes: null },
    seed: options.seed,
    draw: (drawn) => {
      const variance = scale / Math.max(1, fan(fansOf(drawn.shape)));
      if (distribution === "truncatedNormal") {
        return truncatedNormal({ ...drawn, stddev: Math.sqrt(variance) / CUT_DEVIATION });
      }
      const limit = Math.sqrt(3 * variance);
      return uniform({ ...drawn, low: -limit, high: limit });
    },
  });
}

export const fanIn = ({ fanIn: n }: Fans): number => n;
export const fanMean = ({ fanIn: m, fanOut: n }: Fans): number => (m + n) / 2;
