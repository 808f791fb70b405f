import { type DType, isDType, isFloat } from "../core/dtype.ts";
import { DTypeError } from "../core/errors.ts";
import { apply } from "../graph/apply.ts";
import { nodeOfOp } from "../graph/node.ts";
import type { Op } from "../graph/op.ts";
import type { S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { element } from "./element.ts";

/** y = x as another dtype: floats truncate towards zero and saturate, NaN becomes 0, and a bool is x != 0. */
export const castOp: Op<{ readonly dtype: string }> = {
  name: "cast",
  kind: "map",
  infer: (inputs, attrs) => [{ shape: inputs[0].shape, dtype: attrs.dtype as DType }],
  scalar: (inputs, attrs) => ({ body: s.cast(element(inputs, 0), attrs.dtype as DType) }),
  grad: ([dy], { inputs }, o) => {
    const [x] = inputs;
    return [isFloat(x.dtype) && isFloat(dy.dtype) ? o.cast(dy, x.dtype) : null];
  },
  simplify: ([x], attrs) => {
    if (x.dtype === attrs.dtype) return x;
    const inner = nodeOfOp(x, castOp)?.inputs;
    return inner !== undefined && isDetour(inner[0].dtype, x.dtype, attrs.dtype as DType)
      ? { op: castOp, inputs: inner, attrs }
      : null;
  },
};

/** The dtypes that hold every value of another. */
const HOLDS: Readonly<Record<DType, readonly DType[]>> = {
  bool: ["uint8", "int32", "uint32", "float32", "float64"],
  uint8: ["int32", "uint32", "float32", "float64"],
  int32: ["float64"],
  uint32: ["float64"],
  float32: ["float64"],
  float64: [],
};

/** Whether from -> over -> to is from -> to. Ints wrap where floats saturate, so the way to an int matters. */
function isDetour(from: DType, over: DType, to: DType): boolean {
  return HOLDS[from].includes(over) && (isFloat(to) || to === "bool" || isFloat(from) === isFloat(over));
}

export function castTo(x: Tensor, dtype: DType): Tensor {
  return apply(castOp, [x], { dtype });
}

/**
 * x as another dtype. Floats become ints by truncation towards zero, saturating at the int's limits, and NaN becomes 0;
 * ints wrap; a bool is x != 0.
 */
export function cast<A extends Tensor, D extends DType>(x: A, dtype: D): Tensor<S_<A>, D> {
  if (!isDType(dtype)) {
    throw new DTypeError(
      `cast: unknown dtype ${JSON.stringify(dtype)}. Use float32, float64, int32, bool, uint8 or uint32.`,
    );
  }
  return x.dtype === dtype ? x : castTo(x, dtype);
}
