import type { ModuleBuilder } from "../assembler/module-builder.ts";
import type { FloatDType } from "./lane-type.ts";
import { laneTypes, multiplyThenAdd } from "./lane-type.ts";
import { blockings, packColumns, packedRowsBytes, packRows, packSpan } from "./matmul-blocking.ts";
import { addGemm, addGemmParts } from "./matmul-gemm.ts";
import { addRowProduct } from "./matmul-row.ts";
import type { Tile } from "./matmul-tile.ts";
import { addFunction, advanceBy, countDown } from "./pointer-steps.ts";

/** One matrix product, perhaps of a batch. */
export interface MatmulShape {
  m: number;
  n: number;
  k: number;
  batch: number;
  /** A is stored as [k, m] instead of [m, k]. */
  transposeA: boolean;
  /** B is stored as [n, k] instead of [k, n]. */
  transposeB: boolean;
  dtype: FloatDType;
  bias: boolean;
}

/** Pointers and steps are bytes in the module's memory. */
export interface MatmulOperands {
  a: number;
  b: number;
  c: number;
  /** n values that every row's sums start from; 0 for none. */
  bias: number;
  /** Bytes between batch items; 0 repeats an operand. */
  strideA: number;
  strideB: number;
  strideC: number;
  scratch: number;
}

const parameters = ["a", "b", "c", "bias", "m", "n", "k", "batch", "strideA", "strideB", "strideC", "scratch"] as const;

const storageOrders = [
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
  { transposeA: true, transposeB: true },
];

/** A tile that an engine's features call for; what is left out is as on Node 20. */
export type TileOptions = Partial<Omit<Tile, "lane">>;

/** multiply+add needs 11 of 16 vector registers, which V8 of Node 20 keeps without spilling. */
const defaultTile = { multiplyAdd: multiplyThenAdd, rows: 4, vectors: 2 };

/**
 * C = A B + bias for each item of a batch, every element summed from left to right:
 * c[i][j] = ((bias[j] + a[i][0] b[0][j]) + a[i][1] b[1][j]) + ..., so that its bits depend on its
 * own operands alone: not on the other rows and columns, nor on how A and B are stored.
 *
 * Adds the exports `matmul_f32_nn`, `_nt`, `_tn`, `_tt` (or `_f64_`): their parameters are all i32,
 * in the order of `matmulCall`. Operands are dense and lie in row-major order; C overlaps no other.
 * Nothing is written outside C and scratch; reads go up to 15 bytes past an operand's end, so the
 * memory needs as much slack after its last tensor.
 */
export function addMatmulKernels(module: ModuleBuilder, dtype: FloatDType, options: TileOptions = {}): void {
  const tile: Tile = { ...defaultTile, ...options, lane: laneTypes[dtype] };
  const parts = addGemmParts(module, tile);
  const row = addRowProduct(module, tile.lane, tile.multiplyAdd);
  for (const { transposeA, transposeB } of storageOrders) {
    const gemm = addGemm(module, tile, parts, {
      a: transposeA ? "k" : "rows",
      b: transposeB ? "rows" : "k",
    });
    const name = kernelName(dtype, transposeA, transposeB);
    addBatchLoop(module, name, gemm, transposeB ? undefined : row);
  }
}

function addBatchLoop(module: ModuleBuilder, name: string, gemm: number, row: number | undefined): void {
  const { f, at } = addFunction(module, parameters, name);
  const { a, b, c, m, n, k } = at;
  for (const count of [m, n, at.batch]) f.get(count).op("i32.eqz").if_().return_().end();
  f.loop();
  if (row !== undefined) {
    f.get(m).i32const(1).op("i32.eq").if_();
    f.get(a).get(b).get(c).get(at.bias).get(n).get(k).call(row);
    f.else_();
  }
  f.get(a).get(b).get(c).get(at.bias).get(m).get(n).get(k).get(at.scratch).call(gemm);
  if (row !== undefined) f.end();
  advanceBy(f, a, at.strideA);
  advanceBy(f, b, at.strideB);
  advanceBy(f, c, at.strideC);
  countDown(f, at.batch);
  f.end();
}

function kernelName(dtype: FloatDType, transposeA: boolean, transposeB: boolean): string {
  return `matmul_${laneTypes[dtype].scalar}_${transposeA ? "t" : "n"}${transposeB ? "t" : "n"}`;
}

/** The export that computes a product, and its arguments in order. */
export function matmulCall(shape: MatmulShape, at: MatmulOperands): { name: string; args: number[] } {
  const { m, n, k, batch } = shape;
  return {
    name: kernelName(shape.dtype, shape.transposeA, shape.transposeB),
    args: [at.a, at.b, at.c, shape.bias ? at.bias : 0, m, n, k, batch, at.strideA, at.strideB, at.strideC, at.scratch],
  };
}

/** Bytes of packing space that a product may write, from an address aligned to 64; touch it before timing. */
export function matmulScratchBytes(shape: MatmulShape, options: TileOptions = {}): number {
  const { m, n, k } = shape;
  const { bytes, lanes } = laneTypes[shape.dtype];
  const { vectors } = { ...defaultTile, ...options };
  const block = blockings[shape.dtype];
  const ks = Math.min(k, block.k);
  const spread = (step: number): boolean => (step >>> 9) * ks >= packSpan >> 9;
  const packsA = shape.transposeA && n >= packColumns && spread(m * bytes);
  const packsB = m !== 1 && m >= packRows && spread(n * bytes);
  const panels = roundUp(Math.min(n, block.columns), vectors * lanes);
  const bytesB = shape.transposeB || packsB ? panels * roundUp(ks, lanes) * bytes : 0;
  return (packsA ? packedRowsBytes(shape.dtype) : 0) + bytesB;
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
