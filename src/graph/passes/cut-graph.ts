import { type Dataflow, graphResults, type Node, nodeOf } from "../node.ts";
import type { Tensor } from "../tensor.ts";
import type { Kernel } from "./kernel.ts";

/**
 * The parts of a graph between its cuts, to be fused each by itself: then no kernel spans a cut, and what crosses one
 * is stored when it is reached. A part reads tensors of earlier parts as if they were sources; views and constants
 * are in every part that uses them, since they cost nothing where they are used and memory where they are kept.
 */
export function cutGraph(graph: Dataflow): readonly Dataflow[] {
  const cuts = graph.cuts ?? [];
  if (cuts.length === 0) return [graph];
  const partOf = new Map<Node, number>();
  graph.nodes.forEach((node, at) => {
    partOf.set(node, cuts.filter((cut) => cut.at <= at).length);
  });
  const parts = Array.from({ length: cuts.length + 1 }, (): Node[] => []);
  for (const node of graph.nodes) parts[partOf.get(node) as number].push(node);
  const results = new Set(graphResults(graph));
  const later = new Set<Tensor>();
  // From the last part: what later ones read is an output of an earlier one.
  const cut: Dataflow[] = [];
  for (let at = cuts.length; at >= 0; at--) {
    const nodes = withViews(parts[at], partOf, at);
    const own = new Set(nodes);
    for (const node of nodes) for (const x of node.inputs) if (!own.has(nodeOf(x) as Node)) later.add(x);
    const isOutput = (x: Tensor) => later.has(x) || results.has(x);
    const outputs = parts[at].flatMap((node) => (node.op.kind === "source" ? [] : node.outputs.filter(isOutput)));
    const variables = graph.variables.filter(({ after }) => after !== null && partOf.get(nodeOf(after) as Node) === at);
    cut.unshift({ inputs: [], captured: [], variables, nodes, outputs });
  }
  return cut;
}

/** The kernels of a part but those that store a view or constant which an earlier part has stored. */
export function notYetWritten(kernels: readonly Kernel[], written: Set<Tensor>): readonly Kernel[] {
  const fresh = kernels.filter(({ outputs }) => outputs.some((x) => !written.has(x)));
  for (const { outputs } of fresh) for (const x of outputs) written.add(x);
  return fresh;
}

/** A part's nodes, after the lazy ones of earlier parts that they read. */
function withViews(nodes: readonly Node[], partOf: ReadonlyMap<Node, number>, part: number): Node[] {
  const all = new Set<Node>();
  const add = (node: Node): void => {
    if (all.has(node)) return;
    for (const x of node.inputs) {
      const producer = nodeOf(x) as Node;
      if (partOf.get(producer) !== part && producer.op.lazy) add(producer);
    }
    all.add(node);
  };
  nodes.forEach(add);
  return [...all];
}
