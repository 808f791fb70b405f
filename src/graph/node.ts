import type { Any } from "../core/shape-types.ts";
import type { Attrs, Op, Spec } from "./op.ts";
import { currentScope } from "./scope.ts";
import { Tensor } from "./tensor.ts";
import type { Variable } from "./variable.ts";

let created = 0;

/** One application of an op: the edges are its tensors. */
export class Node<A extends Attrs = Attrs> {
  readonly id: number = created++;
  /** The path of layers that made it. */
  readonly scope: string = currentScope();
  readonly outputs: readonly Tensor[];

  constructor(
    readonly op: Op<A>,
    readonly inputs: readonly Tensor[],
    readonly attrs: A,
    specs: readonly Spec[],
    /** The mark of the trace that recorded it: its outputs have no values but in that trace. Null outside any. */
    readonly owner: object | null = null,
    /** Outputs of a node whose place this one takes. */
    taken: readonly Tensor[] = [],
  ) {
    const made = (spec: Spec, output: number) =>
      new Tensor<Any, Any>(Object.freeze([...spec.shape]), spec.dtype, { kind: "node", node: this as Node, output });
    taken.forEach((x, output) => {
      x["~move"](this as Node, output);
    });
    this.outputs = specs.map((spec, output) => taken[output] ?? made(spec, output));
  }
}

/** The node that computes a tensor, or null when its values are known. */
export function nodeOf(x: Tensor): Node | null {
  const source = x["~source"];
  return source.kind === "node" ? source.node : null;
}

/** The node that computes a tensor where it applies `op`, otherwise null. */
export function nodeOfOp<A extends Attrs>(x: Tensor, op: Op<A>): Node<A> | null {
  const node = nodeOf(x);
  return node !== null && node.op === (op as Op) ? (node as unknown as Node<A>) : null;
}

/** State that a computation reads, and what it is afterwards (null: unchanged). */
export interface StateUse {
  readonly before: Tensor;
  readonly after: Tensor | null;
}

/** A Variable that a graph reads, and what it holds afterwards. */
export interface VariableUse extends StateUse {
  readonly variable: Variable;
}

/** A named point between nodes[at - 1] and nodes[at]. */
export interface Cut {
  readonly name: string;
  readonly at: number;
}

/** What is to be computed: nodes in an order that puts each after its inputs. Whose state it changes is left open. */
export interface Dataflow {
  /** Outputs of "source" nodes, in the order in which a caller gives their values. */
  readonly inputs: readonly Tensor[];
  /** Tensors with known values that were used inside, and the sources that stand for them. */
  readonly captured: readonly { readonly value: Tensor; readonly symbol: Tensor }[];
  readonly variables: readonly StateUse[];
  readonly nodes: readonly Node[];
  readonly outputs: readonly Tensor[];
  /** Named points, in order: a backend runs what lies between them as programs of their own. */
  readonly cuts?: readonly Cut[];
}

/** A traced function: a computation over Variables. */
export interface Graph extends Dataflow {
  readonly variables: readonly VariableUse[];
  /** Named values: nothing is kept for them until someone asks. */
  readonly taps?: ReadonlyMap<string, Tensor>;
}

/** Everything a graph must still compute when it ends. */
export function graphResults(graph: Dataflow): Tensor[] {
  return [...graph.outputs, ...graph.variables.flatMap((use) => (use.after === null ? [] : [use.after]))];
}
