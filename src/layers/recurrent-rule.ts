import type { Shape } from "../core/shape-types.ts";
import type { ShapeRule, TextOf } from "./shape-rule.ts";

/** [batch, steps, features] -> the last state [batch, U], or every step's [batch, steps, U]. */
export interface RecurrentRule<Who extends string, U extends number, All extends boolean> extends ShapeRule {
  readonly out: this["in"] extends readonly [infer B extends number, infer T extends number, number]
    ? boolean extends All
      ? Shape
      : All extends true
        ? [B, T, U]
        : [B, U]
    : `${Who} expects [batch, steps, features], got ${TextOf<this["in"]>}`;
}
