import { meanSquaredError as loss } from "../losses/mean-squared-error.ts";
import { type MetricOptions, meanMetric } from "./mean.ts";
import type { Metric } from "./metric.ts";

/** mean((y - p)^2). */
export function meanSquaredError<const N extends string = "meanSquaredError">(
  options: MetricOptions<N> = {},
): Metric<N> {
  const { name = "meanSquaredError" as N } = options;
  return meanMetric({ name, className: "MeanSquaredError", values: loss().call });
}
