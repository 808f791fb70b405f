import type { TypedArray } from "../../core/dtype.ts";
import type { Node } from "../../graph/node.ts";

/** Computes a structural op's outputs. */
export type StructuralRow = (node: Node, inputs: readonly TypedArray[]) => readonly TypedArray[];

/** One row an op of kind "structural", by its name; structural.test.ts finds the ops that lack one. */
export const STRUCTURAL: Readonly<Record<string, StructuralRow | undefined>> = {};
