/** Every loss by its public name: one line each. */
export { binaryCrossentropy } from "./binary-crossentropy.ts";
export { categoricalCrossentropy } from "./categorical-crossentropy.ts";
export { meanSquaredError } from "./mean-squared-error.ts";
export { sparseCategoricalCrossentropy } from "./sparse-categorical-crossentropy.ts";
