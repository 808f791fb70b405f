// tested by src/ops/scan.test.ts
import type { Dataflow, Node } from "../../graph/node.ts";
import type { Place } from "../../graph/passes/plan-memory.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Unit } from "./call.ts";
import type { Lowering } from "./lower-graph.ts";

/** Lowers a graph of its own, whose outputs may have a place already, for so many threads. */
export type LowerGraph = (graph: Dataflow, homes: ReadonlyMap<Tensor, Place>, threads: number) => Lowering;

/** Makes an op's calls of several kernels, loops and copies. */
export type UnitMaker = (node: Node, lower: LowerGraph, threads: number) => Unit;

const UNITS: Record<string, UnitMaker> = {};

/** By op name: ops that run a graph of their own. They are there where something loops. */
export function installUnits(units: Readonly<Record<string, UnitMaker>>): void {
  Object.assign(UNITS, units);
}

/** The calls of an op that runs a graph of its own; null for any other. */
export function composedUnit(node: Node, lower: LowerGraph, threads: number): Unit | null {
  return Object.hasOwn(UNITS, node.op.name) ? UNITS[node.op.name](node, lower, threads) : null;
}
