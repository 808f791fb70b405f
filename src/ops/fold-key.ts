import { DTypeError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import { Tensor } from "../graph/tensor.ts";
import { constant, index, load, s } from "../ir/expr.ts";
import { fill } from "./constant.ts";
import { keyed, keyWords } from "./random-bits.ts";
import { threefryWords } from "./threefry.ts";

/** y = threefry(key, (0, data)): a key of its own for each number, as jax.random.fold_in gives. */
export const foldKeyOp: Op = {
  name: "foldKey",
  kind: "map",
  infer: ([key, data]) => {
    if (data.dtype !== "int32" || data.shape.length !== 0) {
      const got = `${data.dtype} of shape ${shapeText(data.shape)}`;
      throw new DTypeError(`foldKey: expected the data to be an int32 scalar, got ${got}.`);
    }
    return [{ shape: keyed(key, [2], "foldKey"), dtype: "uint32" }];
  },
  scalar: () => {
    const data = s.cast(load(1, "int32", []), "uint32");
    const [first, second] = threefryWords(keyWords(), [constant(0, "uint32"), data]);
    return { body: s.select(s.eq(index(0), 0), first, second) };
  },
};

/** A key for the `data`-th use of `key`: a number (its low 32 bits count) or an int32 scalar. */
export function foldKey(key: Tensor, data: Tensor | number): Tensor<[2], "uint32"> {
  return apply(foldKeyOp, [key, data instanceof Tensor ? data : fill([], data | 0, "int32")]);
}
