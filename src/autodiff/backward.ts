import { isFloat } from "../core/dtype.ts";
import { InternalError } from "../core/errors.ts";
import type { DifferentiateBody } from "../graph/body.ts";
import { type Node, nodeOf } from "../graph/node.ts";
import type { GradientOps } from "../graph/op.ts";
import { inScope } from "../graph/scope.ts";
import type { Tensor } from "../graph/tensor.ts";
import { currentTrace, type Trace } from "../graph/trace.ts";
import { fill } from "../ops/constant.ts";
import { ops } from "../ops/index.ts";
import { sumOfParts } from "../ops/sum-of-parts.ts";

let differentiate: DifferentiateBody = () => {
  throw new InternalError("a body was to be differentiated before engine/loops.ts installed what does");
};

/** Gives gradients the derivative of bodies; only programs with loops need it. */
export function installDifferentiator(differentiator: DifferentiateBody): void {
  differentiate = differentiator;
}

const GRADIENT_OPS: GradientOps = { ...ops, vjp: (body, derivative) => differentiate(body, derivative) };

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
  const parts = new Map<Tensor, Tensor[]>();
  const reach = (x: Tensor, dx: Tensor): void => {
    parts.set(x, [...(parts.get(x) ?? []), dx]);
  };
  // What uses a tensor comes behind it: when it is asked for, all its parts are there.
  const gradientOf = (x: Tensor): Tensor | null => {
    const all = parts.get(x);
    if (all === undefined) return null;
    const sum = sumOfParts(all);
    parts.set(x, [sum]);
    return sum;
  };
  ys.forEach((y, i) => {
    if (relevant.has(y)) reach(y, seeds[i]);
  });
  for (let at = nodes.length - 1; at >= 0; at--) {
    if (nodes[at].op.grad === undefined || !nodes[at].outputs.some((y) => parts.has(y))) continue;
    const wanted = nodes[at].inputs.map((x) => relevant.has(x));
    if (!wanted.includes(true)) continue;
    const givenOf = ({ outputs }: Node): boolean[] => outputs.map((y) => parts.has(y));
    const node = withResiduals(nodes[at], wanted, givenOf);
    const dys = node.outputs.map((y) => gradientOf(y) ?? fill(y.shape, 0, y.dtype));
    const context = { inputs: node.inputs, outputs: node.outputs, attrs: node.attrs, wanted, given: givenOf(node) };
    const dxs = inScope(node.scope, () => node.op.grad?.(dys, context, GRADIENT_OPS) ?? []);
    node.inputs.forEach((x, i) => {
      const dx = dxs[i];
      if (dx !== null && dx !== undefined && relevant.has(x)) reach(x, dx);
    });
  }
  return xs.map(gradientOf);
}

/** The node itself, or in its place one that also outputs what its gradient reads. */
function withResiduals(recorded: Node, wanted: readonly boolean[], givenOf: (node: Node) => readonly boolean[]): Node {
  // A walk before this one may have put another node in its place already.
  const node = nodeOf(recorded.outputs[0]) as Node;
  const { op, inputs, outputs, attrs } = node;
  if (op.augment === undefined) return node;
  const wider = op.augment({ inputs, outputs, attrs, wanted, given: givenOf(node) }, GRADIENT_OPS);
  return (currentTrace() as Trace).replace(node, wider);
}

/** xs and everything of float dtype that is computed from them. */
function dependents(nodes: readonly Node[], xs: readonly Tensor[]): ReadonlySet<Tensor> {
  const found = new Set<Tensor>(xs);
  for (const node of nodes) {
    if (node.inputs.some((x) => found.has(x))) for (const y of node.outputs) if (isFloat(y.dtype)) found.add(y);
  }
  return found;
}
