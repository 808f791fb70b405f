import { promote, promoteNumber } from "../core/dtype.ts";
import { ValueError } from "../core/errors.ts";
import { apply } from "../graph/apply.ts";
import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { s } from "../ir/expr.ts";
import { castTo } from "./cast.ts";
import { element } from "./element.ts";
import type { Numbered } from "./result-dtype.ts";

/** y = min(max(x, low), high), NaN for NaN; dx = dy where low <= x <= high, the bounds included. null: no bound. */
export const clipOp: Op<{ readonly low: number | null; readonly high: number | null }> = {
  name: "clip",
  kind: "map",
  infer: (inputs) => [{ shape: inputs[0].shape, dtype: inputs[0].dtype }],
  scalar: (inputs, { low, high }) => {
    const x = element(inputs, 0);
    const raised = low === null ? x : s.max(x, low);
    return { body: high === null ? raised : s.min(raised, high) };
  },
  grad: ([dy], { inputs: [x], attrs: { low, high } }, o) => {
    const raised = low === null ? dy : o.where(o.less(x, low), 0, dy);
    return [high === null ? raised : o.where(o.greater(x, high), 0, raised)];
  },
};

/** Values below `low` become `low`, those above `high` become `high`; an infinite bound is none. */
export function clip<A extends Tensor>(x: A, low: number, high: number): Tensor<S_<A>, Numbered<D_<A>>> {
  if (!(low <= high)) throw new ValueError(`clip: expected low <= high, got low ${low} and high ${high}.`);
  const bounds = [low, high].map((bound) => (Number.isFinite(bound) ? bound : null));
  let dtype = x.dtype === "bool" ? "int32" : x.dtype;
  for (const bound of bounds) if (bound !== null) dtype = promote(dtype, promoteNumber(x.dtype, bound), "clip");
  return apply(clipOp, [x.dtype === dtype ? x : castTo(x, dtype)], { low: bounds[0], high: bounds[1] });
}
