import { isFloat } from "../core/dtype.ts";
import type { Node } from "../graph/node.ts";
import { inScope } from "../graph/scope.ts";
import type { Tensor } from "../graph/tensor.ts";
import { fill } from "../ops/constant.ts";
import { ops } from "../ops/index.ts";

/**
 * Reverse-mode differentiation: from the gradients `seeds` of `ys`, those of `xs`, by walking `nodes` (recorded in
 * order) backwards. Each node asks its op; what reaches a tensor by several ways is added. Null: y does not depend on x.
 */
export function backward(
  nodes: readonly Node[],
  ys: readonly Tensor[],
  seeds: readonly Tensor[],
  xs: readonly Tensor[],
): (Tensor | null)[] {
  const relevant = dependents(nodes, xs);
  const gradients = new Map<Tensor, Tensor>();
  const accumulate = (x: Tensor, dx: Tensor): void => {
    const known = gradients.get(x);
    gradients.set(x, known === undefined ? dx : ops.add(known, dx));
  };
  ys.forEach((y, i) => {
    if (relevant.has(y)) accumulate(y, seeds[i]);
  });
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = nodes[at];
    if (node.op.grad === undefined || !node.outputs.some((y) => gradients.has(y))) continue;
    if (!node.inputs.some((x) => relevant.has(x))) continue;
    const dys = node.outputs.map((y) => gradients.get(y) ?? fill(y.shape, 0, y.dtype));
    const dxs = inScope(node.scope, () => node.op.grad?.(dys, node, ops) ?? []);
    node.inputs.forEach((x, i) => {
      const dx = dxs[i];
      if (dx !== null && dx !== undefined && relevant.has(x)) accumulate(x, dx);
    });
  }
  return xs.map((x) => gradients.get(x) ?? null);
}

/** xs and everything of float dtype that is computed from them. */
function dependents(nodes: readonly Node[], xs: readonly Tensor[]): ReadonlySet<Tensor> {
  const found = new Set<Tensor>(xs);
  for (const node of nodes) {
    if (node.inputs.some((x) => found.has(x))) for (const y of node.outputs) if (isFloat(y.dtype)) found.add(y);
  }
  return found;
}
