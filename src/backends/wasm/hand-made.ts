import type { Node } from "../../graph/node.ts";
import type { Place } from "../../graph/passes/plan-memory.ts";
import type { ModuleBuilder } from "./assembler/module-builder.ts";
import type { ValueType } from "./assembler/types.ts";
import type { Argument } from "./emit-loops.ts";
import type { KernelProfile } from "./kernel-profile.ts";
import { matmulKernel } from "./matmul-kernel.ts";
import type { Division } from "./threads/division.ts";

/** A kernel written by hand for one op; nodes that it does not accept take the generic way. */
export interface HandMade {
  /**
   * What adds the exports whose names start with the key. Each is a module that all programs of a heap and a profile
   * share, made when one of its exports is first called: who computes in float32 never waits for float64.
   */
  readonly modules: Readonly<Record<string, (module: ModuleBuilder, profile: KernelProfile) => void>>;
  accepts(node: Node): boolean;
  exportName(node: Node, profile: KernelProfile): string;
  readonly params: readonly ValueType[];
  scratchBytes(node: Node, profile: KernelProfile): number;
  args(
    node: Node,
    inputs: readonly Place[],
    outputs: readonly Place[],
    scratch: Place,
    profile: KernelProfile,
  ): Argument[];
  /** The ways to part a call among threads: parts write results that lie apart, and no bit depends on the parting. */
  divide?(node: Node, profile: KernelProfile): readonly Division[];
}

const KERNELS: Record<string, HandMade> = { matmul: matmulKernel };

/** By op name; a test rejects names that are no op's. Products are always there, the rest where something needs it. */
export const HAND_MADE: Readonly<Record<string, HandMade>> = KERNELS;

export function installHandMade(kernels: Readonly<Record<string, HandMade>>): void {
  Object.assign(KERNELS, kernels);
}
