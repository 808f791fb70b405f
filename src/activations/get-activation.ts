import { ValueError } from "../core/errors.ts";
import { lookUpWord, snakeCase } from "../core/words.ts";
import type { Activation } from "./activation.ts";
import * as table from "./table.ts";

export type ActivationName = keyof typeof table;
/** A name or a function. */
export type ActivationLike = ActivationName | (string & Record<never, never>) | Activation;

const activations: Readonly<Record<string, Activation>> = table;

/** The activation that is meant, linear when nothing is; a ValueError lists the names. */
export function getActivation(like: ActivationLike | null | undefined): Activation {
  if (like === null || like === undefined) return table.linear;
  if (typeof like === "function") return like;
  if (typeof like === "string") return lookUpWord("activation", like, activations);
  throw new ValueError(`expected an activation or its name, got ${typeof like}. Try "relu".`);
}

/** Keras's name of an activation, for files; `where` starts the message. */
export function activationName(activation: Activation, where: string): string {
  const name = Object.keys(activations).find((key) => activations[key] === activation);
  if (name !== undefined) return snakeCase(name);
  throw new ValueError(
    `${where}: the activation ${activation.name || "(a function without a name)"} is none of gradwise's, so no file can hold it. Write it as a Layer.`,
  );
}
