/** Rules that improve parameters by their gradients: `optimizers.adam({ learningRate: 1e-3 })`, or by name: "adam". */

export { Adam, type AdamOptions } from "./adam.ts";
export { AdamW } from "./adam-w.ts";
export { getOptimizer, type OptimizerLike, type OptimizerName } from "./get-optimizer.ts";
export { Optimizer, type OptimizerOptions, type OptimizerState, type StepContext, type Update } from "./optimizer.ts";
export { RMSprop, type RMSpropOptions } from "./rmsprop.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
export * from "./table.ts";
