import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import type { FloatDType } from "./lane-type.ts";
import { laneTypes } from "./lane-type.ts";
import {
  blockings,
  packColumns,
  packedRowsBytes,
  packManyColumns,
  packManyKs,
  packRows,
  packRowsForRounds,
  packSpan,
  packSpanNear,
  transposeColumns,
} from "./matmul-blocking.ts";
import { addDots } from "./matmul-dots.ts";
import { addGemm, addGemmParts, type Orders } from "./matmul-gemm.ts";
import { addRowProduct } from "./matmul-row.ts";
import type { Tile } from "./matmul-tile.ts";
import { addFunction, addLocals, advanceBy, advanceByProduct, countDown } from "./pointer-steps.ts";

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

// A line is the bytes from one stored row to the next: more than a row's own where a part of a product is computed.
const parameters = [
  "a", "b", "c", "bias", "m", "n", "k", "batch", "strideA", "strideB", "strideC", "lineA", "lineB", "lineC", "scratch",
] as const; // biome-ignore format: one list
export type MatmulParameter = (typeof parameters)[number];
type Parameters = Readonly<Record<MatmulParameter, number>>;

/** Where a parameter stands in a call. */
export function parameterAt(name: MatmulParameter): number {
  return parameters.indexOf(name);
}

const storageOrders = [
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
  { transposeA: true, transposeB: true },
];

/**
 * C = A B + bias for each item of a batch, every element summed from left to right:
 * c[i][j] = ((bias[j] + a[i][0] b[0][j]) + a[i][1] b[1][j]) + ..., so that its bits depend on its
 * own operands alone: not on the other rows and columns, nor on how A and B are stored.
 *
 * Adds the exports `matmul_f32_nn`, `_nt`, `_tn`, `_tt` (or `_f64_`): their parameters are all i32,
 * in the order of `matmulCall`. Operands lie in row-major order; C overlaps no other.
 * Nothing is written outside C and scratch; reads go up to 15 bytes past an operand's end, so the
 * memory needs as much slack after its last tensor.
 */
export function addMatmulKernels(module: ModuleBuilder, tile: Tile): void {
  const parts = addGemmParts(module, tile);
  const row = addRowProduct(module, tile);
  const dots = addDots(module, tile.lane, tile.multiplyAdd);
  for (const { transposeA, transposeB } of storageOrders) {
    const orders: Orders = { a: transposeA ? "k" : "rows", b: transposeB ? "rows" : "k" };
    const gemm = addGemm(module, tile, parts, orders);
    addBatchLoop(module, kernelName(tile.lane.dtype, transposeA, transposeB), tile, orders, { gemm, row, dots });
  }
}

/** A row of B that is shorter has few sums. */
const SHORT_BYTES = 128;
/** Rows of B that lie farther apart are on few sets of the cache. */
const FAR_BYTES = 2048;

/** Function indices of the three ways to compute a product. */
interface Ways {
  gemm: number;
  row: number;
  dots: number;
}

// A single row or column of C is bound by reading the other operand: rows are summed where they lie.
// C is one line then, so a column takes the row's kernels with the operands exchanged. The part of a
// product that happens to be one row or column is none: its elements lie apart.
function addBatchLoop(module: ModuleBuilder, name: string, tile: Tile, orders: Orders, ways: Ways): void {
  const { lane } = tile;
  const { f, at } = addFunction(module, parameters, name);
  const { a, b, c, bias, m, n, k } = at;
  const rows = f.local("i32");
  const get = (...from: number[]): void => {
    for (const local of from) f.get(local);
  };
  for (const count of [m, n, at.batch]) f.get(count).op("i32.eqz").if_().return_().end();
  f.loop().block();
  f.get(m).i32const(1).op("i32.eq");
  if (orders.a === "k") f.get(at.lineA).i32const(lane.bytes).op("i32.eq").op("i32.and");
  f.if_();
  if (orders.b === "k") {
    get(a, b, c, bias, n, k, at.lineB);
    f.call(ways.row);
  } else {
    get(b, a, c, bias);
    f.i32const(lane.bytes).get(n).get(k).call(ways.dots);
  }
  f.br(1).end();
  f.get(at.lineC).i32const(lane.bytes).op("i32.eq").if_();
  if (orders.a === "rows") {
    get(a, b, c, bias);
    f.i32const(0).get(m).get(k).call(ways.dots).br(1);
  } else {
    f.get(bias).op("i32.eqz").if_();
    get(b, a, c, bias, m, k, at.lineA);
    f.call(ways.row).br(2).end();
  }
  f.end();
  f.get(m).set(rows);
  if (orders.a === "rows" && orders.b === "k") emitLastRows(f, at, rows, tile, ways.row);
  get(a, b, c, bias, rows, n, k, at.lineA, at.lineB, at.lineC, at.scratch);
  f.call(ways.gemm).end();
  advanceBy(f, a, at.strideA);
  advanceBy(f, b, at.strideB);
  advanceBy(f, c, at.strideC);
  countDown(f, at.batch);
  f.end();
}

/**
 * The last rows, which fill no tile, are products of one row each: tiles of few rows have few sums, each of which waits
 * for its last addition. A pair of rows stays a tile where B's rows are short; between fences, where they are not far
 * apart. Sets how many `rows` are left, and leaves the block where there are none.
 */
function emitLastRows(f: FunctionBuilder, at: Parameters, rows: number, tile: Tile, row: number): void {
  const { a, c, left } = addLocals(f, ["a", "c", "left"]);
  const pairsBelow = tile.fenced ? FAR_BYTES : SHORT_BYTES;
  f.get(at.m).i32const(-4).i32const(-2).get(at.lineB).i32const(pairsBelow).op("i32.ge_u");
  // With tiles of six, pairs of rows are tiles of six and of four, but for a single pair.
  if (tile.rows === 6) f.get(at.m).i32const(4).op("i32.lt_u").op("i32.and");
  f.select();
  f.op("i32.and").set(rows);
  f.get(at.a).set(a).get(at.c).set(c);
  advanceByProduct(f, a, rows, at.lineA);
  advanceByProduct(f, c, rows, at.lineC);
  f.get(at.m).get(rows).op("i32.sub").tee(left).if_().loop();
  for (const local of [a, at.b, c, at.bias, at.n, at.k, at.lineB]) f.get(local);
  f.call(row);
  advanceBy(f, a, at.lineA);
  advanceBy(f, c, at.lineC);
  countDown(f, left);
  f.end().end();
  f.get(rows).op("i32.eqz").br_if(0);
}

function kernelName(dtype: FloatDType, transposeA: boolean, transposeB: boolean): string {
  return `matmul_${laneTypes[dtype].scalar}_${transposeA ? "t" : "n"}${transposeB ? "t" : "n"}`;
}

/** The export that computes a product, and its arguments in order. */
export function matmulCall(shape: MatmulShape, at: MatmulOperands): { name: string; args: number[] } {
  const { m, n, k, batch, transposeA, transposeB } = shape;
  const lines = [transposeA ? m : k, transposeB ? k : n, n].map((length) => length * laneTypes[shape.dtype].bytes);
  const sizes = [m, n, k, batch, at.strideA, at.strideB, at.strideC, ...lines];
  return {
    name: kernelName(shape.dtype, transposeA, transposeB),
    args: [at.a, at.b, at.c, shape.bias ? at.bias : 0, ...sizes, at.scratch],
  };
}

/** Which operands a product lays out anew. */
export function matmulPacks(
  shape: MatmulShape,
  tile: Pick<Tile, "fenced" | "unrollPanels">,
): { readonly a: boolean; readonly b: boolean } {
  const { m, n, k, transposeA, transposeB, dtype } = shape;
  const { bytes } = laneTypes[dtype];
  const ks = Math.min(k, blockings[dtype].k);
  const many = n >= packManyColumns && ks >= packManyKs;
  const spread = (step: number, span: number): boolean => (step >>> 8) * ks >= span >> 8;
  const columns = n >= transposeColumns(tile);
  const a = transposeA ? n >= packColumns && spread(m * bytes, many ? packSpanNear : packSpan) : columns;
  const rounds = tile.unrollPanels > 1 && m >= packRowsForRounds && (transposeA || columns);
  return { a, b: transposeB ? m > 1 : rounds || (m >= packRows && spread(n * bytes, packSpan)) };
}

/** Bytes of packing space that a product may write, from an address aligned to 64; touch it before timing. */
export function matmulScratchBytes(
  shape: MatmulShape,
  tile: Pick<Tile, "vectors" | "fenced" | "unrollPanels">,
): number {
  const { n, k, dtype } = shape;
  const { bytes, lanes } = laneTypes[dtype];
  const block = blockings[dtype];
  const packs = matmulPacks(shape, tile);
  const panels = roundUp(Math.min(n, block.columns), tile.vectors * lanes);
  const bytesB = packs.b ? panels * roundUp(Math.min(k, block.k), lanes) * bytes : 0;
  return (packs.a ? packedRowsBytes(dtype) : 0) + bytesB;
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
