import { assertClasses } from "../losses/categorical-crossentropy.ts";
import { checkSame } from "../losses/targets.ts";
import { argMax } from "../ops/arg-max.ts";
import { equal } from "../ops/equal.ts";
import { type MetricOptions, meanMetric } from "./mean.ts";
import type { Metric } from "./metric.ts";

/** mean(argmax p = argmax y), for one-hot labels; logits and probabilities give the same. */
export function categoricalAccuracy<const N extends string = "categoricalAccuracy">(
  options: MetricOptions<N> = {},
): Metric<N> {
  const { name = "categoricalAccuracy" as N } = options;
  return meanMetric({
    name,
    className: "CategoricalAccuracy",
    values: (yTrue, yPred) => {
      assertClasses(yPred, name);
      checkSame(yTrue, yPred, name, "For class indices, use sparseCategoricalAccuracy.");
      return equal(argMax(yTrue, { axis: -1 }), argMax(yPred, { axis: -1 }));
    },
  });
}
