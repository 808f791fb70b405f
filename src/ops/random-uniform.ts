import type { DType } from "../core/dtype.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Expr, s } from "../ir/expr.ts";
import { keyed, wordsAt } from "./random-bits.ts";

/**
 * y[i] = m 2^-23 (float32) or m 2^-52 (float64), where m is the upper 23 of 32 random bits or 52 of 64: JAX's numbers,
 * evenly spaced in [0, 1).
 */
export const randomUniformOp: Op<{ readonly shape: readonly number[]; readonly dtype: string }> = {
  name: "randomUniform",
  kind: "map",
  infer: (inputs, { shape, dtype }) => [{ shape: keyed(inputs[0], shape, "randomUniform"), dtype: dtype as DType }],
  scalar: (_inputs, { shape, dtype }) => {
    const [high, low] = wordsAt(shape);
    return { body: dtype === "float64" ? double(high, low) : single(s.bitXor(high, low)) };
  },
};

// The shifted words are below 2^31: casts go through int32, for which machines have an instruction.
function single(bits: Expr): Expr {
  return s.mul(s.cast(s.cast(s.shiftRight(bits, 9), "int32"), "float32"), 2 ** -23);
}

function double(high: Expr, low: Expr): Expr {
  const part = (word: Expr): Expr => s.cast(s.cast(word, "int32"), "float64");
  // 52 bits, of which the double holds each: 16 + 16 of the high word, 20 of the low one.
  const upper = s.mul(part(s.shiftRight(high, 16)), 2 ** -16);
  const middle = s.mul(part(s.bitAnd(high, 0xffff)), 2 ** -32);
  return s.add(s.add(upper, middle), s.mul(part(s.shiftRight(low, 12)), 2 ** -52));
}

/** Floats in [0, 1) of a key. */
export function randomUniform(key: Tensor, shape: readonly number[], dtype: DType): Tensor {
  return apply(randomUniformOp, [key], { shape: [...shape], dtype });
}
