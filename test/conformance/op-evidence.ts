import type { DType } from "../../src/core/dtype.ts";
import { isFloat } from "../../src/core/dtype.ts";
import type { Node } from "../../src/graph/node.ts";
import { nodeOf } from "../../src/graph/node.ts";
import type { Op } from "../../src/graph/op.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { Trace, withTrace } from "../../src/graph/trace.ts";
import type { TestEngine } from "../support/engines.ts";

export type Backend = TestEngine["backend"];

/** What an op's record has stood in the tests that have passed so far. */
export interface Evidence {
  /** Of its inputs, or of its outputs where it has none. */
  readonly dtypes: Set<DType>;
  /** The tests of public ops whose graphs hold it, and in how many of them. */
  readonly tests: Map<string, number>;
  /** Which backends gave the reference's values, eager and compiled. */
  readonly ran: Set<Backend>;
  takesInputs: boolean;
  /** Where its gradient and the gradient of that agreed with differences. */
  readonly twice: Set<Backend>;
}

/** By op record. */
export const EVIDENCE: Map<Op, Evidence> = new Map();

function evidenceOf(op: Op): Evidence {
  let evidence = EVIDENCE.get(op);
  if (evidence === undefined) {
    evidence = { dtypes: new Set(), tests: new Map(), ran: new Set(), takesInputs: false, twice: new Set() };
    EVIDENCE.set(op, evidence);
  }
  return evidence;
}

type Function = (xs: readonly Tensor[]) => readonly Tensor[];

function traced(inputs: readonly Tensor[], apply: Function): { nodes: Node[]; symbols: Tensor[]; outputs: Tensor[] } {
  const trace = new Trace();
  const symbols = inputs.map((x, i) => trace.input(x, `x${i}`));
  const outputs = [...withTrace(trace, () => apply(symbols))];
  return { nodes: Array.from({ length: trace.length }, (_, i) => trace.node(i)), symbols, outputs };
}

/** These backends gave the same values for a graph of the test of `name`. */
export function noteRun(name: string, inputs: readonly Tensor[], apply: Function, backends: Iterable<Backend>): void {
  const { nodes } = traced(inputs, apply);
  for (const { op, inputs: given, outputs } of nodes) {
    const evidence = evidenceOf(op);
    evidence.takesInputs ||= given.length > 0;
    for (const { dtype } of given.length > 0 ? given : outputs) evidence.dtypes.add(dtype as DType);
  }
  for (const op of new Set(nodes.map((node) => node.op))) {
    const { tests, ran } = evidenceOf(op);
    tests.set(name, (tests.get(name) ?? 0) + 1);
    for (const backend of backends) ran.add(backend);
  }
}

/** Gradients of a function were right to order 2: so were those of the ops that they flow through. */
export function noteTwice(inputs: readonly Tensor[], apply: Function, backend: Backend): void {
  const { nodes, symbols, outputs } = traced(inputs, apply);
  const carrying = new Set(symbols.filter((x) => isFloat(x.dtype as DType)));
  for (const { op, inputs: given, outputs: made } of nodes) {
    if (op.grad !== undefined && given.some((x) => carrying.has(x))) for (const y of made) carrying.add(y);
  }
  const reached = new Set<Node>();
  const visit = (x: Tensor): void => {
    const node = nodeOf(x);
    if (node === null || reached.has(node) || !carrying.has(x)) return;
    reached.add(node);
    node.inputs.forEach(visit);
  };
  outputs.forEach(visit);
  for (const { op, inputs: given } of reached) if (given.length > 0) evidenceOf(op).twice.add(backend);
}
