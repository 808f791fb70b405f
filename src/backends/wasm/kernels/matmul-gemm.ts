import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import type { MajorOrder } from "./lane-type.ts";
import { addBlock } from "./matmul-block.ts";
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
import { addPackPanels, pushPaddedSteps } from "./matmul-pack.ts";
import type { Tile } from "./matmul-tile.ts";
import { addFunction, addLocals, advanceByProduct, setMin } from "./pointer-steps.ts";

/** Function indices that the four storage orders share. */
export interface GemmParts {
  block: Record<MajorOrder, number>;
  packA: Record<MajorOrder, number>;
  packB: Record<MajorOrder, number>;
}

export function addGemmParts(module: ModuleBuilder, tile: Tile): GemmParts {
  const { lane } = tile;
  return {
    block: { rows: addBlock(module, tile, "rows"), k: addBlock(module, tile, "k") },
    packA: {
      rows: tile.fenced ? addPackPanels(module, lane, tile.rows, "rows") : -1,
      k: addPackPanels(module, lane, tile.rows, "k"),
    },
    packB: {
      rows: addPackPanels(module, lane, tile.vectors * lane.lanes, "rows"),
      k: addPackPanels(module, lane, tile.vectors * lane.lanes, "k"),
    },
  };
}

/** How the operands are stored: A as [m, k] ("rows") or [k, m]; B as [n, k] ("rows") or [k, n]. */
export interface Orders {
  a: MajorOrder;
  b: MajorOrder;
}

const parameters = ["a", "b", "c", "init", "m", "n", "k", "lineA", "lineB", "lineC", "scratch"] as const;
const locals = [
  "aRow", // bytes between neighbours along each index
  "aK",
  "bColumn",
  "bK",
  "cRow",
  "initRow",
  "initPanel",
  "panel", // bytes of a panel's width of C
  "ks", // this run of k
  "columns", // this block of columns, and those left
  "columnsLeft",
  "columnsB",
  "columnsC",
  "columnsInit",
  "rows", // this block of rows, and those left
  "rowsLeft",
  "rowsA",
  "rowsC",
  "rowsInit",
  "packsA",
  "packsB",
  "packedB",
  "sourceA", // where tiles are read
  "sourceB",
  "aStep",
  "aTile",
  "bStep",
  "bPanel",
] as const;

interface Gemm {
  f: FunctionBuilder;
  at: Record<(typeof parameters)[number] | (typeof locals)[number], number>;
  tile: Tile;
  parts: GemmParts;
  orders: Orders;
}

/**
 * (a, b, c, init, m, n, k, lineA, lineB, lineC, scratch): one product, m and n at least 1; lines are
 * the bytes between stored rows. Runs of k go in order, and
 * each starts from the sums that the one before left in C: whatever the blocking, an element is
 * one sum from left to right. Returns the function's index.
 */
export function addGemm(module: ModuleBuilder, tile: Tile, parts: GemmParts, orders: Orders): number {
  const { f, at: given } = addFunction(module, parameters);
  const at = { ...given, ...addLocals(f, locals) };
  const gemm: Gemm = { f, at, tile, parts, orders };
  emitStrides(gemm);
  f.get(at.panel).i32const(0).get(at.init).select().set(at.initPanel);
  f.loop();
  setMin(f, at.ks, at.k, blockings[tile.lane.dtype].k);
  emitChoices(gemm);
  emitColumnBlocks(gemm);
  advanceByProduct(f, at.a, at.ks, at.aK);
  advanceByProduct(f, at.b, at.ks, at.bK);
  f.get(at.c).set(at.init).get(at.cRow).set(at.initRow).get(at.panel).set(at.initPanel);
  f.get(at.k).get(at.ks).op("i32.sub").tee(at.k).br_if(0).end();
  return f.index;
}

function emitStrides({ f, at, tile, orders }: Gemm): void {
  const { bytes, lanes } = tile.lane;
  const along = (line: number, far: number, near: number): void => {
    f.get(line).set(far).i32const(bytes).set(near);
  };
  if (orders.a === "rows") along(at.lineA, at.aRow, at.aK);
  else along(at.lineA, at.aK, at.aRow);
  if (orders.b === "rows") along(at.lineB, at.bColumn, at.bK);
  else along(at.lineB, at.bK, at.bColumn);
  f.get(at.lineC).set(at.cRow);
  f.i32const(tile.vectors * lanes * bytes).set(at.panel);
}

// Operands in k order are packed only where their ks lie far apart, on few sets of the cache and a page each, and where
// enough products use them; B also where that alone makes whole tiles faster, which then read A in k order.
function emitChoices({ f, at, tile, orders }: Gemm): void {
  const pushSpan = (step: number): void => {
    f.get(step).i32const(8).op("i32.shr_u").get(at.ks).op("i32.mul");
  };
  if (orders.a === "k") {
    pushSpan(at.aK);
    f.i32const(packSpanNear >> 8).i32const(packSpan >> 8);
    f.get(at.n).i32const(packManyColumns).op("i32.ge_u").get(at.ks).i32const(packManyKs).op("i32.ge_u");
    f.op("i32.and").select().op("i32.ge_u");
    f.get(at.n).i32const(packColumns).op("i32.ge_u").op("i32.and");
  } else f.get(at.n).i32const(transposeColumns(tile)).op("i32.ge_u");
  f.set(at.packsA);
  if (orders.b === "k") {
    pushSpan(at.bK);
    f.i32const(packSpan >> 8).op("i32.ge_u");
    f.get(at.m).i32const(packRows).op("i32.ge_u").op("i32.and");
    if (tile.unrollPanels > 1) {
      f.get(at.m).i32const(packRowsForRounds).op("i32.ge_u");
      if (orders.a === "rows") f.get(at.packsA).op("i32.and");
      f.op("i32.or");
    }
  } else f.i32const(1);
  f.set(at.packsB);
  // In scratch: a block of A's rows when they are packed, then the panels of B.
  f.get(at.packsA).i32const(packedRowsBytes(tile.lane.dtype)).op("i32.mul");
  f.get(at.scratch).op("i32.add").set(at.packedB);
}

function emitColumnBlocks(gemm: Gemm): void {
  const { f, at, tile, parts, orders } = gemm;
  const { columns } = blockings[tile.lane.dtype];
  f.get(at.b).set(at.columnsB).get(at.c).set(at.columnsC).get(at.init).set(at.columnsInit);
  f.get(at.n).set(at.columnsLeft).loop();
  setMin(f, at.columns, at.columnsLeft, columns);
  f.get(at.packsB).if_();
  f.get(at.columnsB).get(at.packedB).get(at.ks).get(at.columns);
  f.get(orders.b === "rows" ? at.bColumn : at.bK).call(parts.packB[orders.b]);
  f.get(at.packedB).set(at.sourceB).get(at.panel).set(at.bStep);
  pushPaddedSteps(f, tile.lane, at.ks);
  f.get(at.panel).op("i32.mul").set(at.bPanel);
  f.else_();
  f.get(at.columnsB).set(at.sourceB).get(at.bK).set(at.bStep).get(at.panel).set(at.bPanel);
  f.end();
  emitRowBlocks(gemm);
  advanceByProduct(f, at.columnsB, at.columns, at.bColumn);
  f.get(at.columnsC).get(at.columns).i32const(tile.lane.bytes).op("i32.mul").op("i32.add").set(at.columnsC);
  f.get(at.columnsInit)
    .get(at.initPanel)
    .i32const(columns / (tile.vectors * tile.lane.lanes));
  f.op("i32.mul").op("i32.add").set(at.columnsInit);
  f.get(at.columnsLeft).get(at.columns).op("i32.sub").tee(at.columnsLeft).br_if(0).end();
}

function emitRowBlocks(gemm: Gemm): void {
  const { f, at, tile, orders } = gemm;
  f.get(at.a).set(at.rowsA).get(at.columnsC).set(at.rowsC).get(at.columnsInit).set(at.rowsInit);
  f.get(at.m).set(at.rowsLeft).loop();
  setMin(f, at.rows, at.rowsLeft, blockings[tile.lane.dtype].rows);
  f.get(at.rowsA).set(at.sourceA);
  f.get(orders.a === "rows" ? at.aRow : at.aK).set(at.aStep);
  f.get(at.aRow).i32const(tile.rows).op("i32.mul").set(at.aTile);
  if (orders.a === "rows" && !tile.fenced) emitBlock(gemm, "rows");
  else emitPackedOrNot(gemm);
  advanceByProduct(f, at.rowsA, at.rows, at.aRow);
  advanceByProduct(f, at.rowsC, at.rows, at.cRow);
  advanceByProduct(f, at.rowsInit, at.rows, at.initRow);
  f.get(at.rowsLeft).get(at.rows).op("i32.sub").tee(at.rowsLeft).br_if(0).end();
}

function emitPackedOrNot(gemm: Gemm): void {
  const { f, at, tile, parts, orders } = gemm;
  f.get(at.packsA).if_();
  f.get(at.rowsA).get(at.scratch).get(at.ks).get(at.rows);
  f.get(orders.a === "rows" ? at.aRow : at.aK).call(parts.packA[orders.a]);
  f.get(at.scratch).set(at.sourceA);
  f.i32const(tile.rows * tile.lane.bytes).set(at.aStep);
  pushPaddedSteps(f, tile.lane, at.ks);
  f.get(at.aStep).op("i32.mul").set(at.aTile);
  emitBlock(gemm, "k");
  f.else_();
  emitBlock(gemm, orders.a);
  f.end();
}

function emitBlock({ f, at, parts }: Gemm, order: MajorOrder): void {
  f.get(at.sourceA).get(at.sourceB).get(at.rowsC).get(at.rowsInit).get(at.initRow).get(at.initPanel);
  f.get(at.rows).get(at.columns).get(at.ks).get(at.aStep).get(at.aTile).get(at.bStep).get(at.bPanel);
  f.get(at.cRow).call(parts.block[order]);
}
