import type { ModuleBuilder } from "../assembler/module-builder.ts";
import type { PartedCall } from "../call.ts";
import type { Argument } from "../emit-loops.ts";
import type { Step } from "../step.ts";
import { choosePartition, type SharedCall, type SharedProgram, type Use } from "./choose-partition.ts";
import { beginOf, countParts, type Division } from "./division.ts";

/** How a call is shared by threads. */
export interface Parting {
  readonly division: Division;
  readonly parts: number;
  /** Bytes of scratch space for each thread: whole cache lines. */
  readonly scratchBytes: number;
}

/** A kernel of a program, whose step is null where there is nothing to compute or it has calls of its own. */
export interface Sharable {
  readonly step: Step | null;
  readonly reads: readonly Use[];
  readonly writes: readonly Use[];
}

/** How the kernels of a program are shared by so many threads; null for what the caller computes alone. */
export function shareSteps(
  kernels: readonly Sharable[],
  program: Omit<SharedProgram, "calls">,
  threads: number,
): (Parting | null)[] {
  const calls = kernels.map(({ step, reads, writes }): SharedCall => {
    const ways = (step?.divide?.(kernels.length === 1) ?? []).filter((way) => countParts(way, threads) > 1);
    return { cost: ways.at(-1)?.cost ?? 0, ways, reads, writes };
  });
  return choosePartition({ ...program, calls }, threads).map((division, at) => {
    const step = kernels[at].step;
    return division === null || step === null ? null : partingIn(division, step, threads);
  });
}

/** A step's call, parted in one way. */
export function partingIn(division: Division, step: Step, threads: number): Parting {
  return { division, parts: countParts(division, threads), scratchBytes: Math.ceil(step.scratchBytes / 64) * 64 };
}

/** Runs a part: the address of its block, and the number of the thread. */
export type RunPart = (block: number, thread: number) => void;

/**
 * Adds the export that reads a kernel's arguments from a block and calls it. Behind the arguments the block holds the
 * bytes between the scratch spaces of two threads.
 */
export function addPartFunction(
  module: ModuleBuilder,
  name: string,
  kernel: number,
  { step, parting }: PartedCall,
): void {
  const params = step.params.length;
  const fn = module.func(["i32", "i32"], [], name);
  for (let i = 0; i < params; i++) {
    fn.get(0).load("i32.load", i * 4);
    if (!parting.division.scratch.includes(i)) continue;
    fn.get(1)
      .get(0)
      .load("i32.load", params * 4)
      .op("i32.mul")
      .op("i32.add");
  }
  fn.call(kernel);
}

/** Words of one part's block. */
export function blockLength({ step }: PartedCall): number {
  return step.params.length + 1;
}

/** All blocks of a call, one after the other, and behind them that of the whole, for a caller that is alone. */
export function blockWords({ args, parting }: PartedCall, addressOf: (arg: Argument) => number): number[] {
  const { division, parts, scratchBytes } = parting;
  const block = (from: number, to: number): number[] => [...division.part(args, from, to).map(addressOf), scratchBytes];
  const own = Array.from({ length: parts }, (_, p) =>
    block(beginOf(division, p, parts), beginOf(division, p + 1, parts)),
  );
  return [...own, block(0, division.units)].flat();
}
