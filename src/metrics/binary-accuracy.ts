import { ValueError } from "../core/errors.ts";
import { alignLabels, checkSame } from "../losses/targets.ts";
import { castTo } from "../ops/cast.ts";
import { equal } from "../ops/equal.ts";
import { greater } from "../ops/greater.ts";
import { type MetricOptions, meanMetric } from "./mean.ts";
import type { Metric } from "./metric.ts";

export interface BinaryAccuracyOptions<N extends string> extends MetricOptions<N> {
  /** Predictions above it count as 1; 0.5 by default. For logits, whose middle is 0, give 0. */
  readonly threshold?: number;
}

/**
 * mean((p > threshold) = y). As in Keras, the threshold is 0.5 whatever the loss: a model that gives logits needs
 * `binaryAccuracy({ threshold: 0 })`, or every p between 0.5 and 0.62 is judged wrongly.
 */
export function binaryAccuracy<const N extends string = "binaryAccuracy">(
  options: BinaryAccuracyOptions<N> = {},
): Metric<N> {
  const { name = "binaryAccuracy" as N, threshold = 0.5 } = options;
  if (!Number.isFinite(threshold)) {
    throw new ValueError(`binaryAccuracy: expected a threshold that is a number, got ${String(threshold)}. Try 0.5.`);
  }
  return meanMetric({
    name,
    className: "BinaryAccuracy",
    config: { threshold },
    values: (yTrue, yPred) => {
      checkSame(yTrue, yPred, name, "For class indices, use sparseCategoricalAccuracy.");
      return equal(castTo(greater(yPred, threshold), yPred.dtype), alignLabels(yTrue, yPred));
    },
  });
}
