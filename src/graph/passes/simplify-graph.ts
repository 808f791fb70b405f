import { attrsText } from "../attrs-text.ts";
import { type Graph, graphResults, Node, nodeOf } from "../node.ts";
import type { Application, Op } from "../op.ts";
import { inScope } from "../scope.ts";
import { Tensor } from "../tensor.ts";
import { evaluateUniform } from "./fold-constants.ts";

/** The op that fills a tensor with one value: what a pass puts in place of what it has computed. */
export type ConstantOp = Op<{ readonly value: number; readonly shape: readonly number[]; readonly dtype: string }>;

/**
 * The same graph with less to do, to the bit: dead code goes, equal nodes become one (common subexpressions), what
 * has one value everywhere becomes a constant, and each op gives its own shortcuts (`simplify` in its record).
 */
export function simplifyGraph(graph: Graph, constantOp: ConstantOp): Graph {
  return new Simplifier(graph, constantOp).run();
}

class Simplifier {
  readonly #graph: Graph;
  readonly #constantOp: ConstantOp;
  readonly #now = new Map<Tensor, Tensor>();
  readonly #known = new Map<string, Node>();
  readonly #nodes: Node[] = [];

  constructor(graph: Graph, constantOp: ConstantOp) {
    this.#graph = graph;
    this.#constantOp = constantOp;
  }

  run(): Graph {
    const live = liveNodes(this.#graph);
    const cuts = this.#graph.cuts ?? [];
    const starts: number[] = [];
    this.#graph.nodes.forEach((node, at) => {
      while (starts.length < cuts.length && cuts[starts.length].at <= at) starts.push(this.#nodes.length);
      if (live.has(node)) this.#visit(node);
    });
    const now = (x: Tensor) => this.#now.get(x) ?? x;
    const variables = this.#graph.variables.map(({ variable, before, after }) => {
      const next = after === null ? before : now(after);
      return { variable, before, after: next === before ? null : next };
    });
    const { inputs, captured } = this.#graph;
    const results: Graph = { inputs, captured, variables, nodes: [], outputs: this.#graph.outputs.map(now) };
    // Merging leaves nodes without users behind.
    const used = liveNodes(results);
    const isUsed = (x: Tensor) => used.has(nodeOf(x) as Node);
    return {
      ...results,
      captured: captured.filter(({ symbol }) => isUsed(symbol)),
      variables: variables.filter(({ before }) => isUsed(before)),
      nodes: this.#nodes.filter((node) => used.has(node)),
      cuts: cuts.map(({ name }, i) => {
        const before = this.#nodes.slice(0, starts[i] ?? this.#nodes.length);
        return { name, at: before.filter((node) => used.has(node)).length };
      }),
    };
  }

  #visit(node: Node): void {
    if (node.op.kind === "source") {
      this.#nodes.push(node);
      return;
    }
    const inputs = node.inputs.map((x) => this.#now.get(x) ?? x);
    const given = { op: node.op, inputs, attrs: node.attrs };
    const outputs = inScope(node.scope, () => this.#place(given, node));
    node.outputs.forEach((x, i) => {
      if (outputs[i] !== x) this.#now.set(x, outputs[i]);
    });
  }

  /** The outputs of an application, from as little as will do; `original` stays where nothing changed. */
  #place(given: Application, original: Node | null): readonly Tensor[] {
    const { op, inputs, attrs } = given;
    const shorter = op.simplify?.(inputs, attrs) ?? this.#folded(given);
    if (shorter instanceof Tensor) return [shorter];
    if (shorter !== null) return this.#place(shorter, null);
    const key = `${op.name}(${inputs.map(idOf)})${attrsText(attrs)}`;
    const same = this.#known.get(key);
    if (same !== undefined && same.op === op) return same.outputs;
    const stays = original?.inputs.every((x, i) => x === inputs[i]) === true;
    const node = stays ? original : new Node(op, inputs, attrs, op.infer(inputs, attrs));
    this.#known.set(key, node);
    this.#nodes.push(node);
    return node.outputs;
  }

  /** An application to constants whose elements are all one number. */
  #folded({ op, inputs, attrs }: Application): Application | null {
    if (op.kind !== "map" || inputs.length === 0) return null;
    const values: number[] = [];
    for (const x of inputs) {
      const node = nodeOf(x);
      if (node?.op !== (this.#constantOp as Op)) return null;
      values.push(node.attrs["value"] as number);
    }
    const value = evaluateUniform(op, inputs, attrs, values);
    if (value === null) return null;
    const [{ shape, dtype }] = op.infer(inputs, attrs);
    return { op: this.#constantOp as Op, inputs: [], attrs: { value, shape, dtype } };
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
