// tested by src/initializers/initializers.test.ts
import { normal } from "../ops/random.ts";
import type { Initializer } from "./initializer.ts";
import { randomInitializer, type SeedOptions } from "./random-initializer.ts";
import { assertStddev } from "./truncated-normal.ts";

export interface NormalOptions extends SeedOptions {
  /** 0 by default. */
  readonly mean?: number;
  /** 0.05 by default. */
  readonly stddev?: number;
}

/** w ~ N(mean, stddev^2). */
export function randomNormal(options: NormalOptions = {}): Initializer {
  const { mean = 0, stddev = 0.05, seed } = options;
  assertStddev(stddev, "initializers.randomNormal");
  return randomInitializer({
    className: "RandomNormal",
    config: { mean, stddev },
    seed,
    draw: (drawn) => normal({ ...drawn, mean, stddev }),
  });
}
