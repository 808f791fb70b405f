import type { Attrs, GradContext, GradientOps, Op } from "../../src/graph/op.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { ops } from "../../src/ops/index.ts";

const OPS: GradientOps = {
  ...ops,
  vjp: () => {
    throw new Error("this op has no body to differentiate");
  },
};

/** What an op's record says of the gradients of all inputs, for gradients of all outputs. */
export function opGradient<A extends Attrs>(
  op: Op<A>,
  dys: readonly Tensor[],
  { inputs, outputs, attrs }: Pick<GradContext<A>, "inputs" | "outputs" | "attrs">,
): readonly (Tensor | null)[] {
  const context = { inputs, outputs, attrs, wanted: inputs.map(() => true), given: dys.map(() => true) };
  return op.grad?.(dys, context, OPS) ?? [];
}
