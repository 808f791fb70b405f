// tested by src/initializers/initializers.test.ts
import { optionsFrom } from "../core/config-options.ts";
import { ValueError } from "../core/errors.ts";
import { lookUpWord } from "../core/words.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Initializer } from "./initializer.ts";
import * as table from "./table.ts";

export type InitializerName = keyof typeof table;
/** A name, an initializer, or what Keras writes for one. */
export type InitializerLike = InitializerName | (string & Record<never, never>) | Initializer | ConfigObject;

/** Keras's names of the options, for all initializers; each makes sure of its own. */
const OPTIONS = {
  seed: "seed",
  value: "value",
  mean: "mean",
  stddev: "stddev",
  minval: "low",
  maxval: "high",
  gain: "gain",
};

const makers: Readonly<Record<string, (options: object) => Initializer>> = table;

/** The initializer that is meant; a ValueError lists the names. */
export function getInitializer(like: InitializerLike): Initializer {
  if (typeof like === "string") return lookUpWord("initializer", like, makers)({});
  if (typeof like === "object" && like !== null) {
    if ("make" in like) return like;
    if ("class_name" in like) {
      const options = optionsFrom(`initializer ${like.class_name}`, like.config, OPTIONS);
      return lookUpWord("initializer", like.class_name, makers)(options);
    }
  }
  throw new ValueError(
    `expected an initializer or its name, got ${like === null ? "null" : typeof like}. Try "glorotUniform".`,
  );
}
