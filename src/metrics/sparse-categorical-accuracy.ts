import { checkIndices, classIndices } from "../losses/sparse-categorical-crossentropy.ts";
import { argMax } from "../ops/arg-max.ts";
import { equal } from "../ops/equal.ts";
import { type MetricOptions, meanMetric } from "./mean.ts";
import type { Metric } from "./metric.ts";

/** mean(argmax p = y), for class indices; logits and probabilities give the same. */
export function sparseCategoricalAccuracy<const N extends string = "sparseCategoricalAccuracy">(
  options: MetricOptions<N> = {},
): Metric<N> {
  const { name = "sparseCategoricalAccuracy" as N } = options;
  return meanMetric({
    name,
    className: "SparseCategoricalAccuracy",
    values: (yTrue, yPred) => {
      checkIndices(yTrue, yPred, name, "categoricalAccuracy");
      return equal(classIndices(yTrue, yPred), argMax(yPred, { axis: -1 }));
    },
  });
}
