import { executor } from "./executor.ts";
import { Node } from "./node.ts";
import type { Attrs, Op } from "./op.ts";
import type { Tensor } from "./tensor.ts";
import { currentTrace } from "./trace.ts";

const NO_ATTRS = {};

/** Applies an op: recorded while tracing, computed at once otherwise. Returns its first output. */
export function apply<A extends Attrs>(op: Op<A>, inputs: readonly Tensor[], attrs: A = NO_ATTRS as A): Tensor {
  return applyAll(op, inputs, attrs)[0] as Tensor;
}

/** Applies an op with several outputs. */
export function applyAll<A extends Attrs>(op: Op<A>, inputs: readonly Tensor[], attrs: A): readonly Tensor[] {
  const specs = op.infer(inputs, attrs);
  const trace = currentTrace();
  if (trace !== null) return trace.record(op, inputs, attrs, specs);
  const node = new Node(op, inputs, attrs, specs);
  executor().run(node as Node);
  return node.outputs;
}
