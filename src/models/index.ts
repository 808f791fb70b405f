export { History } from "./history.ts";
export type { FitOptions } from "./fit.ts";
export { type EvaluateOptions, Model, type TrainOnBatchOptions } from "./model.ts";
export type { Data } from "./model-types.ts";
export { loadModel } from "./load-model.ts";
export { Sequential, type SequentialOptions, sequential } from "./sequential.ts";
export type { SampleBatch, SampleStream } from "./stream.ts";
