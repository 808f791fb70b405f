import { TraceError } from "../core/errors.ts";
import { type Graph, Node, nodeOf, type VariableUse } from "./node.ts";
import type { Attrs, Op, Spec } from "./op.ts";
import { sourceOp } from "./source.ts";
import type { Tensor } from "./tensor.ts";
import type { Variable } from "./variable.ts";

/** The record of a function while it runs on symbols. */
export class Trace {
  readonly #nodes: Node[] = [];
  readonly #inputs: Tensor[] = [];
  readonly #captured = new Map<Tensor, Tensor>();
  readonly #variables = new Map<Variable, { readonly before: Tensor; current: Tensor }>();
  /** Named cuts: `afterGradients` and the like stand between nodes[at - 1] and nodes[at]. */
  readonly cuts: { readonly name: string; readonly at: number }[] = [];
  readonly taps: { readonly name: string; readonly value: Tensor }[] = [];

  constructor(readonly options: { readonly assignable: boolean } = { assignable: true }) {}

  get length(): number {
    return this.#nodes.length;
  }

  node(at: number): Node {
    return this.#nodes[at] as Node;
  }

  input(spec: Spec, name: string): Tensor {
    const symbol = this.#source(spec, name);
    this.#inputs.push(symbol);
    return symbol;
  }

  record<A extends Attrs>(op: Op<A>, inputs: readonly Tensor[], attrs: A, specs: readonly Spec[]): readonly Tensor[] {
    const node = new Node(
      op,
      inputs.map((x) => this.lift(x)),
      attrs,
      specs,
    );
    this.#nodes.push(node as Node);
    return node.outputs;
  }

  /** The symbol of a value: itself when it was recorded here, otherwise a source that stands for it. */
  lift(x: Tensor): Tensor {
    const node = nodeOf(x);
    if (node !== null && this.#owns(node)) return x;
    const known = this.#captured.get(x);
    if (known !== undefined) return known;
    if (node !== null && !node.op.lazy) {
      throw new TraceError(
        `a tensor of an earlier trace was used in this one (it came from "${node.op.name}"). Return it from the traced function instead of keeping it.`,
      );
    }
    const symbol = this.#source(x, "captured");
    this.#captured.set(x, symbol);
    return symbol;
  }

  readVariable(variable: Variable): Tensor {
    return this.#use(variable).current;
  }

  assignVariable(variable: Variable, value: Tensor): void {
    if (!this.options.assignable) {
      throw new TraceError(
        `variable "${variable.name}" was assigned inside the body of scan or cond. Carry the value and assign it after the loop.`,
      );
    }
    this.#use(variable).current = this.lift(value);
  }

  /** Keeps a value of the step under a name, computed inside it. */
  tap(name: string, value: Tensor): void {
    this.taps.push({ name, value: this.lift(value) });
  }

  cut(name: string): void {
    this.cuts.push({ name, at: this.#nodes.length });
  }

  /** The variables read so far, and those only. */
  get variables(): readonly Variable[] {
    return [...this.#variables.keys()];
  }

  finish(outputs: readonly Tensor[]): Graph {
    const variables: VariableUse[] = [...this.#variables].map(([variable, { before, current }]) => ({
      variable,
      before,
      after: current === before ? null : current,
    }));
    const captured = [...this.#captured].map(([value, symbol]) => ({ value, symbol }));
    return { inputs: this.#inputs, captured, variables, nodes: this.#nodes, outputs: outputs.map((x) => this.lift(x)) };
  }

  readonly #ids = new Set<number>();

  #owns(node: Node): boolean {
    // Nodes are recorded in order, so ownership is looked up by identity of a growing set.
    for (let i = this.#ids.size; i < this.#nodes.length; i++) this.#ids.add((this.#nodes[i] as Node).id);
    return this.#ids.has(node.id);
  }

  #use(variable: Variable): { readonly before: Tensor; current: Tensor } {
    let use = this.#variables.get(variable);
    if (use === undefined) {
      const before = this.#source(variable, variable.name);
      use = { before, current: before };
      this.#variables.set(variable, use);
    }
    return use;
  }

  #source(spec: Spec, name: string): Tensor {
    const attrs = { shape: [...spec.shape], dtype: spec.dtype, name };
    return this.record(sourceOp, [], attrs, [spec])[0] as Tensor;
  }
}

const stack: Trace[] = [];

/** The innermost trace, or null when code runs at once. */
export function currentTrace(): Trace | null {
  return stack[stack.length - 1] ?? null;
}

/** Runs `body` with `trace` current. It must not be asynchronous. */
export function withTrace<T>(trace: Trace, body: () => T): T {
  stack.push(trace);
  try {
    const result = body();
    if (result instanceof Promise) {
      throw new TraceError(
        "a traced function returned a promise. Tracing is synchronous: await before it, not inside it.",
      );
    }
    return result;
  } finally {
    stack.pop();
  }
}
