import type { Argument } from "../emit-loops.ts";

/** How a call can be parted: into runs of units whose results lie apart and need nothing of each other. */
export interface Division {
  /** What the whole costs one thread, in nanoseconds, roughly. Shapes alone decide: a timing would change from run to run. */
  readonly cost: number;
  /** What is read and written. */
  readonly bytes: number;
  readonly units: number;
  /** Parts begin at multiples of this many units: on cache lines, or tiles. */
  readonly step: number;
  /** The arguments that compute the units from..to-1 of a call with these arguments. */
  part(args: readonly Argument[], from: number, to: number): Argument[];
  /** Parameters that are addresses in scratch space, of which each thread has its own; equal for equal keys. */
  readonly scratch: readonly number[];
}

/** A part that costs less than this is not worth claiming (0.2 us), let alone the wait for the last one. */
const GRAIN = 10_000;
/**
 * Nanoseconds of work that a byte must be worth. What is shared ends up in several caches, and to write what another
 * processor has read costs up to 75 ns a line: Adam on the 100,000 weights of a small net takes 76 us on one thread and
 * 234 us on two, so that the products before it must save more than that.
 */
const WORTH = 0.3;
/** More bytes than the processors' own caches hold: then data come from afar in any case. */
const FAR = 8e6;
/** With a few parts each, threads end at about the same time, though one may start late or be slower. */
const PARTS_A_THREAD = 4;
/** What the pool's counter holds. */
const MOST_PARTS = 255;

/** How many parts a call is to have for so many threads; 1 when it cannot be parted or is not worth it. */
export function countParts(division: Division | null, threads: number): number {
  if (division === null || threads < 2) return 1;
  const { cost, units, step } = division;
  const parts = Math.min(Math.floor(units / step), threads * PARTS_A_THREAD, Math.floor(cost / GRAIN), MOST_PARTS);
  // Equal shares, so that kernels of several sizes are cut alike.
  return parts < threads ? Math.max(parts, 1) : parts - (parts % threads);
}

/** Whether a program gains by sharing these calls: all of them or none, since the one finds data where the other left them. */
export function isWorthSharing(divisions: readonly Division[]): boolean {
  const sum = (of: (division: Division) => number): number => divisions.reduce((total, d) => total + of(d), 0);
  const bytes = sum((d) => d.bytes);
  return bytes >= FAR || sum((d) => d.cost) >= WORTH * bytes;
}

/** Where part `at` of `parts` begins, which is where the one before it ends. */
export function beginOf({ units, step }: Division, at: number, parts: number): number {
  return at === parts ? units : Math.floor((at * units) / parts / step) * step;
}
