import { applyAll } from "./apply.ts";
import { type Graph, type Node, nodeOf } from "./node.ts";
import { printGraph } from "./print-graph.ts";
import { inScope } from "./scope.ts";
import type { Tensor } from "./tensor.ts";

/** The graph that scan or cond runs: a function of its inputs alone, without Variables or captured values. */
export class Body {
  readonly graph: Graph;
  #text: string | null = null;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** The printed graph: bodies of equal text compute the same. */
  get text(): string {
    this.#text ??= `{\n  ${printGraph(this.graph).replaceAll("\n", "\n  ")}\n}`;
    return this.#text;
  }

  /** By input: whether anything reads it. */
  get reads(): readonly boolean[] {
    const { inputs, nodes, outputs } = this.graph;
    const read = new Set<Tensor>([...outputs, ...nodes.flatMap((node) => node.inputs)]);
    return inputs.map((x) => read.has(x));
  }
}

/** Which derivative of a body is asked for. */
export interface BodyDerivative {
  /** By input: whether its gradient is asked for. */
  readonly wanted: readonly boolean[];
  /** By output: whether it has a gradient. */
  readonly given: readonly boolean[];
  /** By input: whether the backward body can have its value again, without saving it. */
  readonly available: readonly boolean[];
  /** By output: whether its value is kept for the backward body anyway. */
  readonly kept: readonly boolean[];
}

/** A body with its derivative. */
export interface BodyGradient {
  /** The body, which also outputs what the backward body reads. */
  readonly forward: Body;
  /** Those of forward's outputs that the backward body reads. */
  readonly saved: readonly number[];
  /** From the gradients of the given outputs, the saved values and the available inputs to those of the wanted inputs. */
  readonly backward: Body;
}

export type DifferentiateBody = (body: Body, derivative: BodyDerivative) => BodyGradient;

/** Records a body's nodes here, on these inputs, and gives its outputs. */
export function inlineBody({ graph }: Body, inputs: readonly Tensor[]): Tensor[] {
  const now = new Map<Tensor, Tensor>(graph.inputs.map((x, i) => [x, inputs[i]]));
  replay(graph.nodes, now);
  return graph.outputs.map((x) => now.get(x) as Tensor);
}

/** Records nodes again, on what stands `now` for the tensors that they read. */
export function replay(nodes: readonly Node[], now: Map<Tensor, Tensor>): void {
  for (const node of nodes) {
    if (node.op.kind === "source") continue;
    const given = node.inputs.map((x) => now.get(x) as Tensor);
    const outputs = inScope(node.scope, () => applyAll(node.op, given, node.attrs));
    for (const [i, x] of node.outputs.entries()) now.set(x, outputs[i]);
  }
}

/** The input number of a body that x is, or -1. */
export function inputNumber({ graph }: Body, x: Tensor): number {
  return nodeOf(x)?.op.kind === "source" ? graph.inputs.indexOf(x) : -1;
}
