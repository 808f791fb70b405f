import type { FloatDType } from "./lane-type.ts";
import { laneTypes } from "./lane-type.ts";
import type { Tile } from "./matmul-tile.ts";

/** How a product is cut so that its parts stay in the caches; it changes no bits. */
export interface Blocking {
  /** Longest run of k. */
  k: number;
  /** Rows of A that stay in the first-level cache while panels of B stream by; a multiple of any tile's. */
  rows: number;
  /** Columns of B whose panels stay in the second-level cache; a multiple of the tile's. */
  columns: number;
}

export const blockings: Readonly<Record<FloatDType, Blocking>> = {
  float32: { k: 256, rows: 24, columns: 512 },
  float64: { k: 192, rows: 12, columns: 256 },
};

/** Packing an operand that is already in panel order pays from so many bytes between k 0 and the last. */
export const packSpan: number = 128 * 1024;
/** The same for an A of so many ks, used by so many columns: more ks than that share few sets of the first cache. */
export const packSpanNear: number = 64 * 1024;
export const packManyKs = 128;
export const packManyColumns = 128;
/** Rows of C from which packing B pays. */
export const packRows = 64;
/** The same, whatever its span, where tiles have rounds of their own for panels (Tile.unrollPanels). */
export const packRowsForRounds = 32;
/** Columns of C from which packing a transposed A pays. */
export const packColumns = 64;

/**
 * Columns of C from which laying out the rows of A by ks pays: a tile then moves one pointer to A instead of one for each
 * row. Between fences that leaves V8 a register more; elsewhere it never pays.
 */
export function transposeColumns({ fenced }: Pick<Tile, "fenced">): number {
  return fenced ? 128 : 2 ** 31 - 1;
}

/** What a packed block of A's rows takes, with the last vector's end. */
export function packedRowsBytes(dtype: FloatDType): number {
  const { k, rows } = blockings[dtype];
  return k * rows * laneTypes[dtype].bytes + 64;
}
