import { alignLabels, checkSame, floatPredictions } from "../losses/targets.ts";
import { abs } from "../ops/abs.ts";
import { sub } from "../ops/sub.ts";
import { type MetricOptions, meanMetric } from "./mean.ts";
import type { Metric } from "./metric.ts";

/** mean |y - p|. */
export function meanAbsoluteError<const N extends string = "meanAbsoluteError">(
  options: MetricOptions<N> = {},
): Metric<N> {
  const { name = "meanAbsoluteError" as N } = options;
  return meanMetric({
    name,
    className: "MeanAbsoluteError",
    values: (yTrue, yPred) => {
      checkSame(yTrue, yPred, name, "Reshape them, or change the last layer.");
      const p = floatPredictions(yPred);
      return abs(sub(p, alignLabels(yTrue, p)));
    },
  });
}
