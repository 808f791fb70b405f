import { TraceError } from "../core/errors.ts";
import { executor } from "./executor.ts";
import { type Cut, type Graph, Node, nodeOf, type VariableUse } from "./node.ts";
import type { Application, Attrs, Op, Spec } from "./op.ts";
import { inScope } from "./scope.ts";
import { sourceOp } from "./source.ts";
import type { Tensor } from "./tensor.ts";
import type { Variable } from "./variable.ts";

export interface TraceOptions {
  /** Whether Variables may be assigned; not in the body of a loop, which runs many times or never. */
  readonly assignable: boolean;
  /** The trace (null: none, code runs at once) around a body's: what the body reads from there is captured. */
  readonly outer?: Trace | null;
  /** A value that is captured instead of what is recorded; null for all that is recorded. */
  readonly capture?: (op: Op, attrs: Attrs) => Tensor | null;
}

/** The record of a function while it runs on symbols. */
export class Trace {
  readonly #mark = {};
  readonly #nodes: Node[] = [];
  readonly #inputs: Tensor[] = [];
  readonly #captured = new Map<Tensor, Tensor>();
  readonly #variables = new Map<Variable, { readonly before: Tensor; current: Tensor }>();
  readonly #standIns = new Map<Variable, Tensor>();
  readonly #cuts: Cut[] = [];
  readonly #taps = new Map<string, Tensor>();

  constructor(readonly options: TraceOptions = { assignable: true }) {}

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
    const value = this.options.capture?.(op as Op, attrs) ?? null;
    if (value !== null) return [this.lift(value)];
    const node = new Node(
      op,
      inputs.map((x) => this.lift(x)),
      attrs,
      specs,
      this.#mark,
    );
    this.#nodes.push(node as Node);
    return node.outputs;
  }

  /** Puts another application in a node's place: its first outputs are the node's own tensors. */
  replace(node: Node, { op, inputs, attrs }: Application): Node {
    const specs = op.infer(inputs, attrs);
    const wider = inScope(node.scope, () => new Node(op, inputs, attrs, specs, this.#mark, node.outputs));
    this.#nodes[this.#nodes.lastIndexOf(node)] = wider;
    return wider;
  }

  /** The symbol of a value: itself when it was recorded here, otherwise a source that stands for it. */
  lift(x: Tensor): Tensor {
    const node = nodeOf(x);
    if (node?.owner === this.#mark) return x;
    const known = this.#captured.get(x);
    if (known !== undefined) return known;
    if (node !== null && node.owner !== null && this.options.outer?.reaches(node) !== true) {
      throw new TraceError(
        `a tensor of an earlier trace was used in this one (it came from "${node.op.name}"). Return it from the traced function instead of keeping it.`,
      );
    }
    const symbol = this.#source(x, "captured");
    this.#captured.set(x, symbol);
    return symbol;
  }

  /** Whether a node was recorded here or in a trace around this one. */
  reaches(node: Node): boolean {
    return node.owner === this.#mark || this.options.outer?.reaches(node) === true;
  }

  readVariable(variable: Variable): Tensor {
    return this.#standIns.get(variable) ?? this.#fromOutside(variable) ?? this.#use(variable).current;
  }

  /** In a body: what the Variable holds around it. Null where this trace is the outermost. */
  #fromOutside(variable: Variable): Tensor | null {
    const { outer } = this.options;
    if (outer === undefined) return null;
    const value = this.lift(outer === null ? executor().readVariable(variable) : outer.readVariable(variable));
    this.#standIns.set(variable, value);
    return value;
  }

  /** From here on `value` is read in the variable's place, of another dtype even; assignments go no further. */
  standIn(variable: Variable, value: Tensor): void {
    this.#standIns.set(variable, this.lift(value));
  }

  assignVariable(variable: Variable, value: Tensor): void {
    if (!this.options.assignable) {
      throw new TraceError(
        `variable "${variable.name}" was assigned inside the body of scan or cond. Carry the value and assign it after the loop.`,
      );
    }
    if (this.#standIns.has(variable)) this.standIn(variable, value);
    else this.#use(variable).current = this.lift(value);
  }

  /** Names a value, for who asks for it; a name that is taken gets a number: "norm", "norm#2". */
  tap(name: string, value: Tensor): void {
    let free = name;
    for (let n = 2; this.#taps.has(free); n++) free = `${name}#${n}`;
    this.#taps.set(free, this.lift(value));
  }

  /** Marks a point between what was recorded and what will be. */
  cut(name: string): void {
    this.#cuts.push({ name, at: this.#nodes.length });
  }

  /** The variables read so far, and those only. */
  get variables(): readonly Variable[] {
    return [...this.#variables.keys()];
  }

  /** What was recorded. The trace may go on: the graph stays as it is. */
  finish(outputs: readonly Tensor[]): Graph {
    const results = outputs.map((x) => this.lift(x));
    const variables: VariableUse[] = [...this.#variables].map(([variable, { before, current }]) => ({
      variable,
      before,
      after: current === before ? null : current,
    }));
    const captured = [...this.#captured].map(([value, symbol]) => ({ value, symbol }));
    const [inputs, nodes] = [[...this.#inputs], [...this.#nodes]];
    return { inputs, captured, variables, nodes, outputs: results, cuts: [...this.#cuts], taps: new Map(this.#taps) };
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

/**
 * Names a value inside a traced function and gives it back. `compile(f, { taps: ["norm"] })` keeps it, computed inside
 * the same program; unasked it costs nothing. Outside a trace it does nothing.
 */
export function tap<A extends Tensor>(name: string, value: A): A {
  currentTrace()?.tap(name, value);
  return value;
}

/**
 * Names a point of a traced function. `compile(f, { cuts: ["afterGradients"] })` makes programs of what lies before
 * and after it, over one memory plan and with the same results; unasked it costs nothing.
 */
export function cut(name: string): void {
  currentTrace()?.cut(name);
}

/** What a traced function returned; a promise would go on recording when the trace has ended. */
export function synchronous<T>(result: T): T {
  if (!(result instanceof Promise)) return result;
  // Its failure is ours: nobody else awaits it.
  result.catch(() => undefined);
  throw new TraceError("a traced function returned a promise. Tracing is synchronous: await before it, not inside it.");
}

/** Runs `body` with `trace` current. It must not be asynchronous. */
export function withTrace<T>(trace: Trace, body: () => T): T {
  stack.push(trace);
  try {
    return synchronous(body());
  } finally {
    stack.pop();
  }
}
