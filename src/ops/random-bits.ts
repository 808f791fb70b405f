import type { DType } from "../core/dtype.ts";
import { DTypeError } from "../core/errors.ts";
import { type Shape, shapeText, stridesOf } from "../core/shape.ts";
import { apply } from "../graph/apply.ts";
import type { Op, Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { constant, type Expr, index, load, s } from "../ir/expr.ts";
import { threefryWords } from "./threefry.ts";

/**
 * y[i] = the two words of threefry(key, (0, i)), xor-ed, where i is the linear index: a number depends on the key and
 * its position alone. These are JAX's bits (jax_threefry_partitionable).
 */
export const randomBitsOp: Op<{ readonly shape: readonly number[] }> = {
  name: "randomBits",
  kind: "map",
  infer: (inputs, { shape }) => [{ shape: keyed(inputs[0], shape, "randomBits"), dtype: "uint32" }],
  scalar: (_inputs, { shape }) => {
    const [high, low] = wordsAt(shape);
    return { body: s.bitXor(high, low) };
  },
};

/** The 64 random bits of the output element, of a key that is input 0. */
export function wordsAt(shape: Shape): readonly [Expr, Expr] {
  const strides = stridesOf(shape);
  const linear = shape.reduce<Expr>(
    (sum, _size, axis) => s.add(sum, s.mul(index(axis), strides[axis])),
    constant(0, "int32"),
  );
  return threefryWords(keyWords(), [constant(0, "uint32"), s.cast(linear, "uint32")]);
}

/** The two words of the key that is input 0. */
export function keyWords(): readonly [Expr, Expr] {
  const word = (at: number): Expr => load(0, "uint32", [constant(at, "int32")]);
  return [word(0), word(1)];
}

/** `shape`, unless input 0 is no key. */
export function keyed(key: Spec, shape: Shape, where: string): Shape {
  if ((key.dtype as DType) !== "uint32" || key.shape.length !== 1 || key.shape[0] !== 2) {
    throw new DTypeError(
      `${where}: expected a key, uint32 of shape (2,), got ${key.dtype} of shape ${shapeText(key.shape)}. Use random.key(seed).`,
    );
  }
  return shape;
}

/** Random uint32 words of a key. */
export function randomBits(key: Tensor, shape: Shape): Tensor {
  return apply(randomBitsOp, [key], { shape: [...shape] });
}
