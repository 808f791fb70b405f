import { type DType, isFloat } from "../core/dtype.ts";
import { ValueError } from "../core/errors.ts";
import type { Shape } from "../core/shape-types.ts";
import { apply } from "../graph/apply.ts";
import { nodeOfOp } from "../graph/node.ts";
import type { Op, Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ROUND } from "../ir/arithmetic.ts";
import { constant } from "../ir/expr.ts";

/** y[i] = value. Captured JavaScript numbers become constants of the program. */
export const constantOp: Op<{ readonly value: number; readonly shape: readonly number[]; readonly dtype: string }> = {
  name: "constant",
  kind: "map",
  lazy: true,
  infer: (_inputs, attrs) => [{ shape: attrs.shape, dtype: attrs.dtype as DType }],
  scalar: (_inputs, attrs) => ({ body: constant(attrs.value, attrs.dtype as Spec["dtype"]) }),
  grad: () => [],
};

/** The value that fills a constant, or null when x is none. */
export function constantValue(x: Tensor): number | null {
  return nodeOfOp(x, constantOp)?.attrs.value ?? null;
}

/** A tensor of one value; `full` is the public name. */
export function fill(shape: Shape, value: number, dtype: DType): Tensor {
  return apply(constantOp, [], { value: isFloat(dtype) ? value : wholeOf(value, dtype), shape, dtype });
}

function wholeOf(value: number, dtype: DType): number {
  const whole = Math.trunc(value) + 0;
  if (ROUND[dtype](whole) === whole) return whole;
  throw new ValueError(`${dtype} does not hold the number ${value}. Cast to a float dtype first, or to a wider int.`);
}
