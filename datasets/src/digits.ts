import { decodeNeighbours } from "./neighbour-coding.ts";
import { readGzip } from "./read-gzip.ts";

/** 5,000 handwritten digits, 500 of each class, ordered by class. */
export interface Digits {
  /** Grey levels 0 (paper) to 255 (ink), 5000 * 400 values, each digit row-major. */
  readonly x: Uint8Array;
  /** The digit that was written, 0 to 9. */
  readonly y: Int32Array;
  readonly shape: readonly [5000, 20, 20];
  readonly classes: readonly string[];
}

const PER_CLASS = 500;

/** Loads the digits; every call returns arrays of its own. Source and licence: the table in README.md. */
export async function loadDigits(): Promise<Digits> {
  const packed = await readGzip(new URL("../data/digits.gz", import.meta.url));
  return {
    x: decodeNeighbours(packed, { count: 5000, height: 20, width: 20 }),
    y: Int32Array.from({ length: 5000 }, (_, i) => Math.floor(i / PER_CLASS)),
    shape: [5000, 20, 20],
    classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
  };
}
