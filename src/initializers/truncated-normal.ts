// tested by src/initializers/initializers.test.ts
import { ValueError } from "../core/errors.ts";
import { truncatedNormal as draw } from "../ops/random.ts";
import type { Initializer } from "./initializer.ts";
import { randomInitializer } from "./random-initializer.ts";
import type { NormalOptions } from "./random-normal.ts";

/** w ~ N(mean, stddev^2), drawn again where |w - mean| > 2 stddev; so its own deviation is 0.88 stddev. */
export function truncatedNormal(options: NormalOptions = {}): Initializer {
  const { mean = 0, stddev = 0.05, seed } = options;
  assertStddev(stddev, "initializers.truncatedNormal");
  return randomInitializer({
    className: "TruncatedNormal",
    config: { mean, stddev },
    seed,
    draw: (drawn) => draw({ ...drawn, mean, stddev }),
  });
}

export function assertStddev(stddev: number, where: string): void {
  if (!(stddev >= 0)) throw new ValueError(`${where}: expected a stddev of at least 0, got ${stddev}.`);
}
