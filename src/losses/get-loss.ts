import { optionsFrom } from "../core/config-options.ts";
import { ValueError } from "../core/errors.ts";
import { lookUpWord } from "../core/words.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Loss, LossKind } from "./loss.ts";
import { lossConfig } from "./loss-config.ts";
import * as table from "./table.ts";
import { perSample } from "./targets.ts";

export type LossName = keyof typeof table | "mse";
/** A loss from labels and predictions: any shape that starts with the batch. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;
/** A name, a loss, a function, or what Keras writes for a loss. */
export type LossLike<K extends LossKind = LossKind> =
  | Loss<K>
  | LossFunction
  | LossName
  | (string & Record<never, never>)
  | ConfigObject;

const makers: Readonly<Record<string, (options: object) => Loss>> = { ...table, mse: table.meanSquaredError };

const OPTIONS = { from_logits: "fromLogits", label_smoothing: "labelSmoothing" };

/** The loss that is meant; a ValueError lists the names. */
export function getLoss(like: LossLike): Loss {
  if (typeof like === "string") return lookUpWord("loss", like, makers)({});
  if (typeof like === "function") return fromFunction(like);
  if (typeof like === "object" && like !== null) {
    if ("call" in like) return like;
    if ("class_name" in like) return fromConfig(like);
  }
  throw new ValueError(
    `expected a loss or its name, got ${like === null ? "null" : typeof like}. Try "meanSquaredError".`,
  );
}

function fromConfig({ class_name: name, config }: ConfigObject): Loss {
  const where = `loss ${name}`;
  const { reduction = "sum_over_batch_size", ...rest } = config;
  if (reduction !== "sum_over_batch_size" && reduction !== "mean") {
    throw new ValueError(
      `${where}: the reduction ${JSON.stringify(reduction)} is not supported. Use "sum_over_batch_size".`,
    );
  }
  return lookUpWord("loss", name, makers)(optionsFrom(where, rest, OPTIONS, ["name", "axis", "dtype"]));
}

function fromFunction(f: LossFunction): Loss<"any"> {
  const name = f.name || "loss";
  return {
    name,
    kind: "any",
    config: { ...lossConfig(name, {}), module: "custom", registered_name: name },
    call: (yTrue, yPred) => {
      const values = f(yTrue, yPred);
      if (values?.shape?.[0] === yPred.shape[0]) return perSample(values);
      const got = values?.shape === undefined ? typeof values : `shape (${values.shape.join(", ")})`;
      throw new ValueError(
        `loss ${name}: expected one value a sample, a tensor of shape (${yPred.shape[0]},), got ${got}. Do not average over the batch.`,
      );
    },
  };
}
