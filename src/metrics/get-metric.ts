import { optionsFrom } from "../core/config-options.ts";
import { ValueError } from "../core/errors.ts";
import { lookUpWord } from "../core/words.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Metric } from "./metric.ts";
import * as table from "./table.ts";

export type MetricLike = Metric | string | ConfigObject;

/** What a metric is used on. */
export interface MetricUse {
  readonly outputShape: readonly (number | null)[];
  readonly targetShape: readonly (number | null)[];
}

const makers: Readonly<Record<string, (options: { readonly name?: string }) => Metric>> = {
  ...table,
  mse: table.meanSquaredError,
  mae: table.meanAbsoluteError,
};

const OPTIONS = { name: "name", threshold: "threshold" };

/**
 * The metric that is meant, under the name that was given; a ValueError lists the names. "accuracy" is chosen by the
 * shapes alone, as in Keras: one output is binary, one axis fewer (or one label) sparse, anything else categorical,
 * several binary outputs too: name those "binaryAccuracy".
 */
export function getMetric(like: MetricLike, use: MetricUse): Metric {
  if (typeof like === "string") {
    if (isAccuracy(like)) return accuracyFor(use)({ name: like });
    return lookUpWord("metric", like, { ...makers, accuracy: accuracyFor(use) })({ name: like });
  }
  if (typeof like === "object" && like !== null) {
    if ("update" in like) return like;
    if ("class_name" in like) {
      const options = optionsFrom(`metric ${like.class_name}`, like.config, OPTIONS, ["dtype"]);
      return lookUpWord("metric", like.class_name, makers)(options);
    }
  }
  throw new ValueError(`expected a metric or its name, got ${like === null ? "null" : typeof like}. Try "accuracy".`);
}

function isAccuracy(name: string): boolean {
  return ["accuracy", "acc"].includes(name.toLowerCase());
}

function accuracyFor({ outputShape, targetShape }: MetricUse): (options: { readonly name?: string }) => Metric {
  const outputs = outputShape.length < 2 ? 1 : outputShape[outputShape.length - 1];
  if (outputs === 1) return table.binaryAccuracy;
  const oneLabel = targetShape.length === outputShape.length && targetShape[targetShape.length - 1] === 1;
  if (targetShape.length < outputShape.length || oneLabel) return table.sparseCategoricalAccuracy;
  return table.categoricalAccuracy;
}
