/** Every optimizer by its public name: one line each. */
export { adam } from "./adam.ts";
export { adamW } from "./adam-w.ts";
export { rmsprop } from "./rmsprop.ts";
export { sgd } from "./sgd.ts";
