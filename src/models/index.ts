export type { FitOptions } from "./fit.ts";
export { History } from "./history.ts";
export { type LoadOptions, loadModel } from "./load-model.ts";
export { type EvaluateOptions, Model, type TrainOnBatchOptions } from "./model.ts";
export type { Data } from "./model-types.ts";
export { Sequential, type SequentialOptions, sequential } from "./sequential.ts";
export type { SampleBatch, SampleStream } from "./stream.ts";
