import type { Shape } from "../core/shape-types.ts";
import type { Window } from "../ops/window.ts";
import type { ShapeRule, TextOf } from "./shape-rule.ts";

/** What windows over N space axes do to [batch, ...space, channels]: C channels come out (never: those that go in). */
interface WindowRule<Who extends string, N extends number, C extends number, K, T, P, D> extends ShapeRule {
  readonly out: this["in"] extends readonly [infer B extends number, ...infer S extends Shape, infer I extends number]
    ? S["length"] extends N
      ? Window<S, K, T, P, D> extends infer R
        ? R extends Shape
          ? [B, ...R, [C] extends [never] ? I : C]
          : `${Who}: ${R & string}`
        : never
      : `${Who} expects ${Axes<N>}, got ${TextOf<this["in"]>}`
    : `${Who} expects ${Axes<N>}, got ${TextOf<this["in"]>}`;
}
type Axes<N extends number> = N extends 1 ? "[batch, steps, channels]" : "[batch, height, width, channels]";

/** F filters with kernels of K; a causal convolution has as many outputs as one with even padding. */
export interface ConvRule<N extends number, F extends number, K, T, P, D>
  extends WindowRule<`conv${N}d`, N, F, K, T, P extends "causal" ? "same" : P, D> {}

/** Windows of K in each channel. */
export interface PoolRule<N extends number, K, T, P> extends WindowRule<`pooling${N}d`, N, never, K, T, P, 1> {}

/** One value a channel is left, on axes of size 1 with Keep. */
export interface GlobalPoolRule<N extends number, Keep extends boolean> extends ShapeRule {
  readonly out: this["in"] extends readonly [infer B extends number, ...infer S extends Shape, infer C extends number]
    ? S["length"] extends N
      ? boolean extends Keep
        ? Shape
        : Keep extends true
          ? [B, ...{ -readonly [I in keyof S]: 1 }, C]
          : [B, C]
      : `pooling${N}d expects ${Axes<N>}, got ${TextOf<this["in"]>}`
    : `pooling${N}d expects ${Axes<N>}, got ${TextOf<this["in"]>}`;
}

/** Each int becomes a vector of U numbers. */
export interface EmbeddingRule<U extends number> extends ShapeRule {
  readonly out: this["in"] extends infer S extends Shape ? [...S, U] : string;
}
