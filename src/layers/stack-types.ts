import type { Any, Shape } from "../core/shape-types.ts";
import type { InputLayer } from "./input.ts";
import type { Layer } from "./layer.ts";
import type { Apply } from "./shape-rule.ts";

/** A list of layers, each taking what the one before gives. */
export type Stack = readonly Layer[];

/**
 * The list with a message in the place of the first layer that does not fit, `unknown` in every other:
 * `sequential<const L extends Stack>(layers: L & Checked<L, Shape>)` blames that layer.
 */
export type Checked<L extends Stack, S extends Shape, Done extends readonly unknown[] = []> = number extends L["length"]
  ? unknown
  : L extends readonly [infer H, ...infer T extends Stack]
    ? ShapeAfter<H, S> extends infer R
      ? R extends Shape
        ? Checked<T, R, [...Done, unknown]>
        : [...Done, R, ...{ [I in keyof T]: unknown }]
      : never
    : Done;

/** The shape that comes out of a list that S goes into. */
export type OutOf<L extends Stack, S extends Shape> = L extends readonly [infer H, ...infer T extends Stack]
  ? ShapeAfter<H, S> extends infer R extends Shape
    ? OutOf<T, R>
    : Shape
  : number extends L["length"]
    ? Shape
    : S;

/** The shape that a list takes, where its first layer says it. */
export type InOf<L extends Stack> = L extends readonly [InputLayer<infer S>, ...unknown[]] ? S : Any;

/** A shape as a model's type carries it: any where the rank is open. */
export type Known<S> = S extends Shape ? (number extends S["length"] ? Any : S) : Any;

type ShapeAfter<H, S extends Shape> =
  H extends InputLayer<infer I> ? I : H extends Layer<infer F> ? (0 extends 1 & F ? Shape : Apply<F, S>) : Shape;
