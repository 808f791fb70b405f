import type { FunctionBuilder } from "../assembler/function-builder.ts";

/** Points pointers[i] at row i; from row `rows` on at the last one, so that nothing past it is read. */
export function setRowPointers(f: FunctionBuilder, pointers: readonly number[], rowStep: number, rows: number): void {
  for (let i = 1; i < pointers.length; i++) {
    f.get(pointers[i - 1]);
    f.get(rowStep).i32const(0).get(rows).i32const(i).op("i32.gt_u").select();
    f.op("i32.add").set(pointers[i]);
  }
}

// 8-byte halves of two vectors: the low ones, then the high ones.
const lowHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const highHalves = lowHalves.map((byte) => byte + 8);
// 4-byte lanes of two vectors, interleaved.
const lowWords = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const highWords = lowWords.map((byte) => byte + 8);

/** Transposes a square block in place: 2 vectors of 2 lanes or 4 vectors of 4. */
export function emitTranspose(f: FunctionBuilder, rows: readonly number[]): void {
  if (rows.length === 2) {
    emitShuffled(f, rows, [
      [0, 1, lowHalves],
      [0, 1, highHalves],
    ]);
    return;
  }
  emitShuffled(f, rows, [
    [0, 1, lowWords],
    [0, 1, highWords],
    [2, 3, lowWords],
    [2, 3, highWords],
  ]);
  emitShuffled(f, rows, [
    [0, 2, lowHalves],
    [0, 2, highHalves],
    [1, 3, lowHalves],
    [1, 3, highHalves],
  ]);
}

type Shuffle = readonly [first: number, second: number, lanes: readonly number[]];

// All results are on the stack before the first is set: the operands are the locals that they replace.
function emitShuffled(f: FunctionBuilder, rows: readonly number[], shuffles: readonly Shuffle[]): void {
  for (const [first, second, lanes] of shuffles) f.get(rows[first]).get(rows[second]).shuffle(lanes);
  for (const row of rows.toReversed()) f.set(row);
}
