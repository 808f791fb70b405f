import type { Shape } from "../core/shape-types.ts";
import type { ShapeRule, TextOf } from "./shape-rule.ts";

/** What attention does to [batch, steps, features]: O takes the features' place (never: as many come out). */
export interface AttentionRule<O extends number | readonly number[]> extends ShapeRule {
  readonly out: this["in"] extends readonly [infer B extends number, infer T extends number, infer F extends number]
    ? [O] extends [never]
      ? [B, T, F]
      : O extends Shape
        ? [B, T, ...O]
        : [B, T, O & number]
    : `multiHeadAttention expects [batch, steps, features], got ${TextOf<this["in"]>}`;
}
