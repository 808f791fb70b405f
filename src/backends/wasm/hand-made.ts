import type { Node } from "../../graph/node.ts";
import type { FollowersOf } from "../../graph/passes/find-followers.ts";
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
  readonly ending?: Ending;
}

/** What a kernel can compute of its result before it stores it. */
export interface Ending {
  /** Of a node that the kernel accepts. */
  readonly followersOf: FollowersOf;
  /** The kernel that computes these nodes, too: its outputs are theirs. */
  with(followers: readonly Node[]): HandMade;
}

const KERNELS: Record<string, HandMade> = { matmul: matmulKernel };

/** By op name; a test rejects names that are no op's. Products are always there, the rest where something needs it. */
export const HAND_MADE: Readonly<Record<string, HandMade>> = KERNELS;

/** The kernel for a node; null where it takes the generic way. */
export function handMadeFor(node: Node): HandMade | null {
  const made = Object.hasOwn(KERNELS, node.op.name) ? KERNELS[node.op.name] : null;
  return made?.accepts(node) ? made : null;
}

export function installHandMade(kernels: Readonly<Record<string, HandMade>>): void {
  Object.assign(KERNELS, kernels);
}
