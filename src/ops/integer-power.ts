import { DTypeError } from "../core/errors.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { constant, type Expr, s } from "../ir/expr.ts";
import { element } from "./element.ts";

/** The bits of an int32 n >= 0. */
const BITS = 31;

/**
 * y = base^n for int32 n >= 0, in float64: the product of base^(2^k) over the bits k of n. Products alone, so that every
 * backend gives the same bits; the relative error is below n 2^-52.
 */
export const integerPowerOp: Op<{ readonly base: number }> = {
  name: "integerPower",
  kind: "map",
  infer: ([{ shape, dtype }]) => {
    if (dtype !== "int32") {
      throw new DTypeError(`integerPower: expected an int32 exponent, got ${dtype}. Use n.cast("int32"), or pow.`);
    }
    return [{ shape, dtype: "float64" }];
  },
  scalar: (inputs, { base }) => {
    const n = element(inputs, 0);
    let product: Expr = constant(1, "float64");
    let square = base;
    for (let bit = 0; bit < BITS; bit++) {
      const set = s.ne(s.bitAnd(n, 2 ** bit), 0);
      product = s.select(set, s.mul(product, square), product);
      square *= square;
    }
    return { body: product };
  },
};

/** base^n, elementwise, in float64, of int32 exponents of at least 0. */
export function integerPower<N extends Tensor>(base: number, n: N): Tensor<S_<N>, "float64"> {
  return apply(integerPowerOp, [n], { base });
}
