// tested by src/ops/scan.test.ts
import type { Dataflow, Node } from "../../graph/node.ts";
import type { MemoryPlan, Place } from "../../graph/passes/plan-memory.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Call, Unit } from "./call.ts";

/** Lowers a graph of its own, whose outputs may have a place already. */
export type LowerGraph = (
  graph: Dataflow,
  homes: ReadonlyMap<Tensor, Place>,
) => { readonly parts: readonly (readonly Call[])[]; readonly plan: MemoryPlan };

/** Makes an op's calls of several kernels, loops and copies. */
export type UnitMaker = (node: Node, lower: LowerGraph) => Unit;

const UNITS: Record<string, UnitMaker> = {};

/** By op name: ops that run a graph of their own. They are there where something loops. */
export function installUnits(units: Readonly<Record<string, UnitMaker>>): void {
  Object.assign(UNITS, units);
}

/** The calls of an op that runs a graph of its own; null for any other. */
export function composedUnit(node: Node, lower: LowerGraph): Unit | null {
  return Object.hasOwn(UNITS, node.op.name) ? UNITS[node.op.name](node, lower) : null;
}
