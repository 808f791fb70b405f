import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/add.ts";
import { castTo } from "../ops/cast.ts";
import { fill } from "../ops/constant.ts";
import { div } from "../ops/div.ts";
import { equal } from "../ops/equal.ts";
import { mean } from "../ops/mean.ts";
import { mul } from "../ops/mul.ts";
import { sum } from "../ops/sum.ts";
import { where } from "../ops/where.ts";
import type { Metric, MetricState } from "./metric.ts";

/** mean = sum of w v / sum of w, over all batches: nothing counted yet. */
export function emptyMean(): MetricState {
  return { total: fill([], 0, "float64"), count: fill([], 0, "float64") };
}

/** Counts `values` [batch, ...], each sample with its weight [batch] (1 where null). */
export function addToMean(state: MetricState, values: Tensor, weight: Tensor | null): MetricState {
  const each = perSample(values.dtype === "float64" ? values : castTo(values, "float64"));
  if (weight === null) {
    return { total: add(state["total"], sum(each)), count: add(state["count"], each.size) };
  }
  const w = weight.dtype === "float64" ? weight : castTo(weight, "float64");
  return { total: add(state["total"], sum(mul(each, w))), count: add(state["count"], sum(w)) };
}

/** The mean so far; 0 where nothing counts. */
export function meanResult({ total, count }: MetricState): Tensor {
  const none = equal(count, 0);
  return where(none, 0, div(total, where(none, 1, count)));
}

function perSample(values: Tensor): Tensor {
  if (values.rank < 2) return values;
  return mean(values, { axis: values.shape.slice(1).map((_: number, i: number) => i + 1) });
}

interface MeanRule<N extends string> {
  readonly name: N;
  /** Keras's class. */
  readonly className: string;
  readonly config?: JsonObject;
  /** What is averaged: [batch, ...] in any dtype. */
  readonly values: (yTrue: Tensor, yPred: Tensor) => Tensor;
}

/** The mean of a value of each sample. */
export function meanMetric<const N extends string>({ name, className, config, values }: MeanRule<N>): Metric<N> {
  return {
    name,
    config: { module: "keras.metrics", class_name: className, config: { name, ...config }, registered_name: null },
    init: emptyMean,
    update: (state, yTrue, yPred, weight) => addToMean(state, values(yTrue, yPred), weight),
    result: meanResult,
  };
}

/** The options that every metric takes. */
export interface MetricOptions<N extends string = string> {
  /** The key in History; the metric's own name by default. */
  readonly name?: N;
}
