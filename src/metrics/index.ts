/** Quantities counted over batches: `metrics.binaryAccuracy({ threshold: 0 })`, or by name: `metrics: ["accuracy"]`. */

export { getMetric, type MetricLike, type MetricUse } from "./get-metric.ts";
export { addToMean, emptyMean, meanMetric, meanResult } from "./mean.ts";
export type { Metric, MetricState } from "./metric.ts";
export * from "./table.ts";
