import type { ModuleBuilder } from "../assembler/module-builder.ts";
import type { Argument } from "../emit-loops.ts";
import type { Step } from "../step.ts";
import { beginOf, countParts, type Division } from "./division.ts";

/** A call that is divided: its parts' arguments lie in memory, one block after the other. */
export interface PartedCall {
  readonly division: Division;
  readonly parts: number;
  readonly args: readonly Argument[];
  /** Bytes of scratch space for each thread. */
  readonly scratchBytes: number;
}

/** Runs a part: the address of its block, and the number of the thread. */
export type RunPart = (block: number, thread: number) => void;

/**
 * Adds the export that reads a kernel's arguments from a block and calls it. Behind the arguments the block holds the
 * bytes between the scratch spaces of two threads.
 */
export function addPartFunction(module: ModuleBuilder, name: string, kernel: number, step: Step): void {
  const params = step.params.length;
  const scratch = step.divide?.()?.scratch ?? [];
  const fn = module.func(["i32", "i32"], [], name);
  for (let i = 0; i < params; i++) {
    fn.get(0).load("i32.load", i * 4);
    if (scratch.includes(i))
      fn.get(1)
        .get(0)
        .load("i32.load", params * 4)
        .op("i32.mul")
        .op("i32.add");
  }
  fn.call(kernel);
}

/** How a call is divided among these threads, or null when it is not worth it. */
export function partCall(
  division: Division | null,
  threads: number,
  args: readonly Argument[],
  scratchBytes: number,
): PartedCall | null {
  const parts = countParts(division, threads);
  return division === null || parts < 2 ? null : { division, parts, args, scratchBytes };
}

/** Bytes of one part's block. */
export function blockBytes({ args }: PartedCall): number {
  return (args.length + 1) * 4;
}

/** All blocks of a call, as they lie in memory. */
export function blockWords(call: PartedCall, addressOf: (arg: Argument) => number): number[] {
  const { division, parts, args, scratchBytes } = call;
  return Array.from({ length: parts }, (_, p) => {
    const own = division.part(args, beginOf(division, p, parts), beginOf(division, p + 1, parts));
    return [...own.map(addressOf), scratchBytes];
  }).flat();
}
