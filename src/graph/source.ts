import type { Op, Spec } from "./op.ts";

/** A value from outside the graph: an argument, a captured tensor or a Variable. */
export const sourceOp: Op<{ readonly shape: readonly number[]; readonly dtype: string; readonly name: string }> = {
  name: "source",
  kind: "source",
  infer: (_inputs, attrs) => [{ shape: attrs.shape, dtype: attrs.dtype as Spec["dtype"] }],
};
