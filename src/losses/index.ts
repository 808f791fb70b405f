/** How far predictions are from labels: `losses.meanSquaredError()`, or by name: `loss: "meanSquaredError"`. */

export { getLoss, type LossFunction, type LossLike, type LossName } from "./get-loss.ts";
export type { Loss, LossKind } from "./loss.ts";
export * from "./table.ts";
