/** What networks are made of: `layers.dense({ units: 10 })`. */

export { Activation, type ActivationOptions } from "./activation.ts";
export { Dense, type DenseOptions } from "./dense.ts";
export { Dropout, type DropoutOptions } from "./dropout.ts";
export { Flatten } from "./flatten.ts";
export { InputLayer, type InputOptions } from "./input.ts";
export { type CallContext, Layer, type LayerOptions, type OpenShape, type WeightOptions } from "./layer.ts";
export { layerFromConfig, registerLayer } from "./layer-from-config.ts";
export { Reshape, type ReshapeOptions } from "./reshape.ts";
export type { DenseRule, FlattenRule, ReshapeRule, Same, ShapeRule } from "./shape-rule.ts";
export type { Checked, InOf, Known, OutOf, Stack } from "./stack-types.ts";
export * from "./table.ts";
