/** What networks are made of: `layers.dense({ units: 10 })`. */

export { Activation, type ActivationOptions } from "./activation.ts";
export { AveragePooling1D } from "./average-pooling1d.ts";
export { AveragePooling2D } from "./average-pooling2d.ts";
export { BatchNormalization, type BatchNormalizationOptions } from "./batch-normalization.ts";
export type { ConvLayerOptions } from "./conv.ts";
export { Conv1D } from "./conv1d.ts";
export { Conv2D } from "./conv2d.ts";
export { Dense, type DenseOptions } from "./dense.ts";
export { Dropout, type DropoutOptions } from "./dropout.ts";
export { Embedding, type EmbeddingOptions } from "./embedding.ts";
export { Flatten } from "./flatten.ts";
export type { GlobalPoolingOptions } from "./global-average-pooling.ts";
export { GlobalAveragePooling1D } from "./global-average-pooling1d.ts";
export { GlobalAveragePooling2D } from "./global-average-pooling2d.ts";
export { InputLayer, type InputOptions } from "./input.ts";
export { type CallContext, Layer, type LayerOptions, type OpenShape, type WeightOptions } from "./layer.ts";
export { layerFromConfig, registerLayer } from "./layer-from-config.ts";
export { LayerNormalization, type LayerNormalizationOptions } from "./layer-normalization.ts";
export { MaxPooling1D } from "./max-pooling1d.ts";
export { MaxPooling2D } from "./max-pooling2d.ts";
export type { PoolingOptions } from "./pooling.ts";
export { Reshape, type ReshapeOptions } from "./reshape.ts";
export type { DenseRule, FlattenRule, ReshapeRule, Same, ShapeRule } from "./shape-rule.ts";
export type { Checked, InOf, Known, OutOf, Stack } from "./stack-types.ts";
export * from "./table.ts";
export type { ConvRule, EmbeddingRule, GlobalPoolRule, PoolRule } from "./window-rules.ts";
