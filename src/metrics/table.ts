/** Every metric by its public name: one line each. */
export { binaryAccuracy } from "./binary-accuracy.ts";
export { categoricalAccuracy } from "./categorical-accuracy.ts";
export { meanAbsoluteError } from "./mean-absolute-error.ts";
export { meanSquaredError } from "./mean-squared-error.ts";
export { sparseCategoricalAccuracy } from "./sparse-categorical-accuracy.ts";
