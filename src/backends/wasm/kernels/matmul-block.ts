import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import type { MajorOrder } from "./lane-type.ts";
import type { Tile } from "./matmul-tile.ts";
import { addTileKernel } from "./matmul-tile.ts";
import { addFunction, addLocals, advance, advanceBy, emitByWidth } from "./pointer-steps.ts";

// Parameters of a block: as a tile kernel's, but for any number of rows and columns (at least 1).
const parameters = [
  "a",
  "b",
  "c",
  "init",
  "initStep",
  "initPanel", // between panels of init: 0 when there is none
  "rows",
  "columns",
  "k",
  "aStep",
  "aTile",
  "bStep",
  "bPanel", // between panels: strips of the tile's width of columns
  "cStep",
] as const;

const locals = ["rowA", "rowC", "rowInit", "left", "tiles", "lanes"] as const;
type BlockLocals = Record<(typeof parameters)[number] | (typeof locals)[number], number>;

/**
 * Emits the product of a block of A's rows with a block of B's columns, panel by panel, so that one
 * panel of B stays in the first-level cache: tiles of full height, then the other rows in lower ones.
 * Returns the function's index.
 */
export function addBlock(module: ModuleBuilder, tile: Tile, majorA: MajorOrder): number {
  const heights = heightsBelow(tile.rows);
  const kernel = heights.map((rows) =>
    Array.from({ length: tile.vectors }, (_, v) => {
      const whole = rows === tile.rows && v + 1 === tile.vectors;
      // The last rows and columns are few: rounds would only be more code to compile.
      const few = tile.fenced ? !whole : rows < 4 || v + 1 < tile.vectors;
      const unroll = few ? 1 : tile.unroll;
      // Between fences, rows of A take them no faster; blocks of many columns read A by ks.
      const unrollPanels = whole && (majorA === "k" || !tile.fenced) ? tile.unrollPanels : 0;
      return addTileKernel(module, { ...tile, rows, vectors: v + 1, unroll, unrollPanels }, majorA);
    }),
  );
  const { f, at: given } = addFunction(module, parameters);
  const at: BlockLocals = { ...given, ...addLocals(f, locals) };
  f.loop();
  f.get(at.a).set(at.rowA).get(at.c).set(at.rowC).get(at.init).set(at.rowInit).get(at.rows).set(at.left);
  emitByWidth(f, tile.lane, tile.vectors, at.columns, (vectors) => {
    emitLastLanes(f, tile, at, vectors);
    heights.forEach((rows, h) => {
      emitCount(f, at, rows, majorA);
      emitTiles(f, at, rows, kernel[h][vectors - 1], majorA);
      if (rows > 1) emitNextRows(f, tile, at, rows, majorA);
    });
  });
  emitNextPanel(f, tile, at);
  f.br_if(0).end();
  return f.index;
}

// lanes = min(columns - lanes of the vectors before the last, a whole vector)
function emitLastLanes(f: FunctionBuilder, tile: Tile, at: BlockLocals, vectors: number): void {
  const { lanes } = tile.lane;
  f.get(at.columns)
    .i32const((vectors - 1) * lanes)
    .op("i32.sub")
    .tee(at.lanes)
    .i32const(lanes);
  f.get(at.lanes).i32const(lanes).op("i32.lt_u").select().set(at.lanes);
}

// tiles = how many of this height there are. Two or three rows below tiles of six join the last six as two tiles of four:
// a tile of two has too few sums. Not where A is k-major: it may lie in panels of six rows.
function emitCount(f: FunctionBuilder, at: BlockLocals, rows: number, majorA: MajorOrder): void {
  f.get(at.left).i32const(rows).op("i32.div_u").set(at.tiles);
  if (rows !== 6 || majorA === "k") return;
  f.get(at.tiles).get(at.left).i32const(rows).op("i32.rem_u").i32const(-2).op("i32.and").i32const(2).op("i32.eq");
  f.get(at.left).i32const(rows).op("i32.gt_u").op("i32.and").op("i32.sub").set(at.tiles);
}

function emitTiles(f: FunctionBuilder, at: BlockLocals, rows: number, kernel: number, majorA: MajorOrder): void {
  f.get(at.tiles).if_();
  f.get(at.rowA).get(at.b).get(at.rowC).get(at.rowInit).get(at.initStep).get(at.tiles).get(at.k).get(at.aStep);
  if (majorA === "rows") f.get(at.aStep).i32const(rows).op("i32.mul");
  else f.get(at.aTile);
  f.get(at.bStep).get(at.cStep).get(at.lanes).call(kernel).end();
}

// Moves past tiles * rows rows; within a tile of A the rows are one element or one row step apart.
function emitNextRows(f: FunctionBuilder, tile: Tile, at: BlockLocals, rows: number, majorA: MajorOrder): void {
  f.get(at.rowA).get(at.tiles);
  if (majorA === "rows") f.get(at.aStep).op("i32.mul").i32const(rows).op("i32.mul");
  else if (rows === tile.rows) f.get(at.aTile).op("i32.mul");
  else f.i32const(rows * tile.lane.bytes).op("i32.mul");
  f.op("i32.add").set(at.rowA);
  f.get(at.tiles).i32const(rows).op("i32.mul").set(at.tiles);
  f.get(at.left).get(at.tiles).op("i32.sub").set(at.left);
  f.get(at.rowC).get(at.tiles).get(at.cStep).op("i32.mul").op("i32.add").set(at.rowC);
  f.get(at.rowInit).get(at.tiles).get(at.initStep).op("i32.mul").op("i32.add").set(at.rowInit);
}

// Leaves on the stack whether columns are left.
function emitNextPanel(f: FunctionBuilder, tile: Tile, at: BlockLocals): void {
  const width = tile.vectors * tile.lane.lanes;
  advanceBy(f, at.b, at.bPanel);
  advanceBy(f, at.init, at.initPanel);
  advance(f, at.c, width * tile.lane.bytes);
  f.get(at.columns).i32const(width).op("i32.sub").tee(at.columns).i32const(0).op("i32.gt_s");
}

// 4 -> [4, 2, 1]; 6 -> [6, 4, 2, 1]
function heightsBelow(rows: number): number[] {
  return [rows, ...[4, 2, 1].filter((height) => height < rows)];
}
