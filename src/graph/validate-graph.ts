import { InternalError } from "../core/errors.ts";
import { sameShape, shapeText } from "../core/shape.ts";
import { type Graph, type Node, nodeOf } from "./node.ts";
import type { Spec } from "./op.ts";
import { printNode } from "./print-graph.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Throws an InternalError unless the graph is one: each node after its inputs and of the specs that its op infers, no
 * tensor from elsewhere, a value for every source, and variables that keep shape and dtype. Passes are checked with it.
 */
export function validateGraph(graph: Graph, where: string): Graph {
  const sources = new Set([
    ...graph.inputs,
    ...graph.captured.map((c) => c.symbol),
    ...graph.variables.map((v) => v.before),
  ]);
  const done = new Set<Node>();
  for (const node of graph.nodes) {
    const fail = (what: string): never => {
      throw new InternalError(`${where}: ${what}, at: ${printNode(graph, node)}`);
    };
    if (done.has(node)) fail("a node stands twice");
    node.inputs.forEach((x, i) => {
      if (!isMadeBy(done, x)) fail(`input ${i} is not computed before`);
    });
    if (node.op.kind === "source" && !sources.has(node.outputs[0])) fail("a source has no value");
    checkSpecs(node, fail);
    done.add(node);
  }
  const check = (x: Tensor, what: string): void => {
    if (!isMadeBy(done, x)) throw new InternalError(`${where}: ${what} ${specText(x)} is not computed in the graph`);
  };
  for (const x of sources) check(x, "the source");
  for (const x of graph.outputs) check(x, "the output");
  for (const { variable, before, after } of graph.variables) {
    for (const x of after === null ? [before] : [before, after]) {
      check(x, `a value of variable "${variable.name}"`);
      if (!sameSpec(x, variable))
        throw new InternalError(
          `${where}: variable "${variable.name}" is ${specText(variable)}, its value ${specText(x)}`,
        );
    }
  }
  (graph.cuts ?? []).reduce((from, { name, at }) => {
    if (at < from || at > graph.nodes.length)
      throw new InternalError(`${where}: the cut "${name}" at ${at} is out of order`);
    return at;
  }, 0);
  return graph;
}

function isMadeBy(done: ReadonlySet<Node>, x: Tensor): boolean {
  const node = nodeOf(x);
  return node !== null && done.has(node) && node.outputs.includes(x);
}

/** A node never changes: what its op infers is asked once, in however many graphs it stands. */
const CHECKED = new WeakSet<Node>();

function checkSpecs(node: Node, fail: (what: string) => never): void {
  if (CHECKED.has(node)) return;
  const specs = inferred(node, fail);
  if (specs.length !== node.outputs.length) fail(`the op infers ${specs.length} outputs`);
  specs.forEach((spec, i) => {
    if (!sameSpec(spec, node.outputs[i])) fail(`output ${i} is inferred as ${specText(spec)}`);
  });
  CHECKED.add(node);
}

function inferred(node: Node, fail: (what: string) => never): readonly Spec[] {
  try {
    return node.op.infer(node.inputs, node.attrs);
  } catch (error) {
    return fail(`the op refuses its inputs (${error instanceof Error ? error.message : String(error)})`);
  }
}

function sameSpec(a: Spec, b: Spec): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

function specText({ shape, dtype }: Spec): string {
  return `${shapeText(shape)} ${dtype}`;
}
