/** Every layer by its public name: one line each. */
export { activation } from "./activation.ts";
export { averagePooling1d } from "./average-pooling1d.ts";
export { averagePooling2d } from "./average-pooling2d.ts";
export { batchNormalization } from "./batch-normalization.ts";
export { conv1d } from "./conv1d.ts";
export { conv2d } from "./conv2d.ts";
export { dense } from "./dense.ts";
export { dropout } from "./dropout.ts";
export { embedding } from "./embedding.ts";
export { flatten } from "./flatten.ts";
export { globalAveragePooling1d } from "./global-average-pooling1d.ts";
export { globalAveragePooling2d } from "./global-average-pooling2d.ts";
export { input } from "./input.ts";
export { layerNormalization } from "./layer-normalization.ts";
export { maxPooling1d } from "./max-pooling1d.ts";
export { maxPooling2d } from "./max-pooling2d.ts";
export { reshape } from "./reshape.ts";
