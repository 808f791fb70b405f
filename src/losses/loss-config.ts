// tested by src/losses/binary-crossentropy.test.ts
import { ValueError } from "../core/errors.ts";
import { snakeCase } from "../core/words.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { JsonObject } from "../formats/json.ts";

/** A loss as Keras writes it; the trainer's mean over samples is its "sum_over_batch_size". */
export function lossConfig(className: string, config: JsonObject): ConfigObject {
  const base = { name: snakeCase(className), reduction: "sum_over_batch_size" };
  return { module: "keras.losses", class_name: className, config: { ...base, ...config }, registered_name: null };
}

export interface CrossentropyOptions {
  /** The predictions are logits, not probabilities; false by default. */
  readonly fromLogits?: boolean;
  /** Moves labels towards uniform by this share, 0 to 1; 0 by default. */
  readonly labelSmoothing?: number;
}

export function assertCrossentropy(
  { fromLogits = false, labelSmoothing = 0 }: CrossentropyOptions,
  where: string,
): void {
  if (typeof fromLogits !== "boolean") {
    throw new ValueError(`${where}: expected fromLogits to be true or false, got ${String(fromLogits)}.`);
  }
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ValueError(`${where}: expected labelSmoothing between 0 and 1, got ${String(labelSmoothing)}.`);
  }
}

/** Probabilities are kept this far from 0 and 1, where the logarithm is infinite; Keras's epsilon. */
export const EPSILON = 1e-7;
