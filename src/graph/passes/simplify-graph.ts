import { isFloat } from "../../core/dtype.ts";
import { type Graph, graphResults, Node, nodeOf } from "../node.ts";
import type { Tensor } from "../tensor.ts";

/**
 * The same graph with less to do: dead code goes, equal nodes become one (common subexpressions), and algebra that
 * keeps every bit, NaN and -0 included: x * 1, x / 1, x - 0, -(-x).
 */
export function simplifyGraph(graph: Graph): Graph {
  return new Simplifier(graph).run();
}

class Simplifier {
  readonly #graph: Graph;
  readonly #now = new Map<Tensor, Tensor>();
  readonly #known = new Map<string, Node>();
  readonly #nodes: Node[] = [];

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  run(): Graph {
    const live = liveNodes(this.#graph);
    for (const node of this.#graph.nodes) if (live.has(node)) this.#visit(node);
    const now = (x: Tensor) => this.#now.get(x) ?? x;
    const renewed: Graph = {
      inputs: this.#graph.inputs.map(now),
      captured: this.#graph.captured.filter(({ symbol }) => live.has(nodeOf(symbol) as Node)),
      variables: this.#graph.variables
        .filter(({ before, after }) => after !== null || live.has(nodeOf(before) as Node))
        .map(({ variable, before, after }) => ({ variable, before, after: after === null ? null : now(after) })),
      nodes: this.#nodes,
      outputs: this.#graph.outputs.map(now),
    };
    // Merging leaves nodes without users behind.
    const used = liveNodes(renewed);
    return { ...renewed, nodes: this.#nodes.filter((node) => used.has(node)) };
  }

  #visit(node: Node): void {
    const inputs = node.inputs.map((x) => this.#now.get(x) ?? x);
    if (node.op.kind === "source") {
      this.#nodes.push(node);
      return;
    }
    const shorter = shortcut(node, inputs);
    if (shorter !== null) {
      this.#now.set(node.outputs[0], shorter);
      return;
    }
    const key = `${node.op.name}(${inputs.map(idOf)})${JSON.stringify(node.attrs)}`;
    const same = this.#known.get(key);
    if (same !== undefined && same.op === node.op) {
      node.outputs.forEach((x, i) => this.#now.set(x, same.outputs[i]));
      return;
    }
    const changed = inputs.some((x, i) => x !== node.inputs[i]);
    const renewed = changed ? new Node(node.op, inputs, node.attrs, node.outputs) : node;
    if (changed) node.outputs.forEach((x, i) => this.#now.set(x, renewed.outputs[i]));
    this.#known.set(key, renewed);
    this.#nodes.push(renewed);
  }
}

/** Nodes that results need. Variables that are written keep their sources. */
function liveNodes(graph: Graph): ReadonlySet<Node> {
  const live = new Set<Node>();
  const stack = [...graphResults(graph), ...graph.inputs];
  for (const use of graph.variables) if (use.after !== null) stack.push(use.before);
  while (stack.length > 0) {
    const node = nodeOf(stack.pop() as Tensor);
    if (node === null || live.has(node)) continue;
    live.add(node);
    stack.push(...node.inputs);
  }
  return live;
}

function idOf(x: Tensor): string {
  const source = x["~source"];
  return source.kind === "node" ? `${source.node.id}.${source.output}` : "?";
}

/** A tensor that a node's output equals to the bit, or null. */
function shortcut(node: Node, inputs: readonly Tensor[]): Tensor | null {
  const [x, y] = inputs;
  switch (node.op.name) {
    case "identity":
      return x;
    case "mul":
      return isConstant(y, 1) ? x : isConstant(x, 1) ? y : null;
    case "div":
      return isConstant(y, 1) ? x : null;
    case "sub":
      // x - 0 keeps -0; x + 0 does not.
      return isFloat(x.dtype) && isConstant(y, 0) ? x : null;
    case "neg": {
      const inner = nodeOf(x);
      return inner?.op.name === "neg" ? inner.inputs[0] : null;
    }
    default:
      return null;
  }
}

function isConstant(x: Tensor, value: number): boolean {
  const node = nodeOf(x);
  if (node?.op.name === "broadcast") return isConstant(node.inputs[0], value);
  return node?.op.name === "constant" && Object.is(node.attrs["value"], value);
}
