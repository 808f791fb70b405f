import type { Argument } from "../emit-loops.ts";
import type { Step } from "../step.ts";

/**
 * Which bytes of a buffer each thread touches: from every `Cut` bytes an equal share, in order. The size of a buffer
 * cuts it into runs, the size of its rows into columns. EVERYTHING: each thread touches all of it. NOBODY_ELSE: the
 * caller alone does.
 */
export type Cut = number;
export const EVERYTHING: Cut = 0;
export const NOBODY_ELSE: Cut = -1;

/** One way to part a call: into runs of units whose results lie apart and need nothing of each other. */
export interface Division {
  /** What the whole costs one thread, in nanoseconds, roughly. Shapes alone decide: a timing would change from run to run. */
  readonly cost: number;
  /** Nanoseconds that each part costs besides, whatever its size. */
  readonly overhead?: number;
  readonly units: number;
  /** Parts begin at multiples of this many units: on cache lines, or tiles. */
  readonly step: number;
  /** What is called instead, where parts need loops that the whole does without. */
  readonly by?: Step;
  /** How the parts cut the kernel's inputs and outputs. */
  readonly cuts: { readonly inputs: readonly Cut[]; readonly outputs: readonly Cut[] };
  /** The arguments that compute the units from..to-1 of a call with these arguments. */
  part(args: readonly Argument[], from: number, to: number): Argument[];
  /** Parameters that are addresses in scratch space, of which each thread has its own; equal for equal keys. */
  readonly scratch: readonly number[];
}

/** Parts that cost at least this much can be claimed by whoever is free; smaller ones are one a thread. */
const GRAIN = 10_000;
/** With a few parts each, threads end at about the same time, though one may start late or be slower. */
const PARTS_A_THREAD = 4;
/** What the pool's counter holds. */
const MOST_PARTS = 255;

/** An argument that is an address or a first coordinate, moved. */
export function moved(arg: Argument, by: number): Argument {
  return typeof arg === "number" ? arg + by : { ...arg, offset: arg.offset + by };
}

/** How many parts a call has for so many threads; 1 when there are no units for two. */
export function countParts({ cost, units, step }: Division, threads: number): number {
  const fine = Math.min(threads * PARTS_A_THREAD, Math.floor(cost / GRAIN));
  const parts = Math.min(Math.floor(units / step), Math.max(fine, threads), MOST_PARTS);
  // Equal shares, so that kernels of several sizes are cut alike.
  return parts < threads ? Math.max(parts, 1) : parts - (parts % threads);
}

/** Where part `at` of `parts` begins, which is where the one before it ends. */
export function beginOf({ units, step }: Division, at: number, parts: number): number {
  return at === parts ? units : Math.floor((at * units) / parts / step) * step;
}
