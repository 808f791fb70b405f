import { optionsFrom } from "../core/config-options.ts";
import { ValueError } from "../core/errors.ts";
import { lookUpWord } from "../core/words.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import { Optimizer } from "./optimizer.ts";
import * as table from "./table.ts";

export type OptimizerName = keyof typeof table;
/** A name, an optimizer, or what Keras writes for one. */
export type OptimizerLike = OptimizerName | (string & Record<never, never>) | Optimizer | ConfigObject;

const makers: Readonly<Record<string, (options: object) => Optimizer>> = table;

/** Keras's names of the options, for all optimizers; each makes sure of its own. */
const OPTIONS = {
  learning_rate: "learningRate",
  weight_decay: "weightDecay",
  clipnorm: "clipNorm",
  clipvalue: "clipValue",
  global_clipnorm: "globalClipNorm",
  momentum: "momentum",
  nesterov: "nesterov",
  rho: "rho",
  epsilon: "epsilon",
  centered: "centered",
  beta_1: "beta1",
  beta_2: "beta2",
  amsgrad: "amsgrad",
};

/** The optimizer that is meant; a ValueError lists the names. */
export function getOptimizer(like: OptimizerLike): Optimizer {
  if (typeof like === "string") return lookUpWord("optimizer", like, makers)({});
  if (like instanceof Optimizer) return like;
  if (typeof like === "object" && like !== null && "class_name" in like) {
    // The decay of a moving average that use_ema, which must be false, would switch on.
    const options = optionsFrom(`optimizer ${like.class_name}`, like.config, OPTIONS, ["name", "ema_momentum"]);
    return lookUpWord("optimizer", like.class_name, makers)(options);
  }
  throw new ValueError(`expected an optimizer or its name, got ${like === null ? "null" : typeof like}. Try "adam".`);
}
