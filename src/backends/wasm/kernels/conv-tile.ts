// tested by src/backends/wasm/kernels/conv.test.ts
import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { emitPartial, emitRelu, emitVectors } from "./conv-stores.ts";
import { vectorBytes } from "./lane-type.ts";
import type { Tile } from "./matmul-tile.ts";
import { addFunction, addLocals, advance, advanceBy, countDown, emitByWidth, emitFence } from "./pointer-steps.ts";

/** Where more than half of its width is used, a tile has `low` rows, and otherwise `rows`. */
export interface ConvTile extends Tile {
  readonly low: number;
}

/**
 * The tile of convolutions, from that of products: as many sums, but twice as wide and half as high, which leaves fewer
 * rows to find and to move along: 2 x 16 runs 1.02 to 1.2 times as fast as 4 x 8. V8's wide vectors gain nothing by it.
 */
export function convTile(tile: Tile): ConvTile {
  const rows = tile.rows === 6 ? 4 : tile.rows; // tables and windows fill up powers of two
  if (tile.vectors > 2 || rows === 1) return { ...tile, rows, low: rows };
  return { ...tile, rows, vectors: 2 * tile.vectors, low: rows / 2 };
}

/** An entry of a table: two offsets in bytes, one into A and one into C (rows) or into B (runs). */
export const entryBytes: number = 8;

// Parameters of a panel, in order; bytes throughout.
const parameters = [
  "a",
  "b",
  "c",
  "init", // the accumulators' first values, or 0 for zeros
  "initMask", // 0: a bias that every row starts from; -1: a row starts where its offset in C says
  "rows", // a table of rows, filled up to whole tiles
  "tiles", // of `low` rows, at least 1
  "runs", // a table of runs of the sum, and its end
  "runsEnd",
  "k", // products in a run, at least 1
  "columns", // at least 1; more than the tile's count as those
  "relu", // 1: results pass it on their way out
] as const;

/** Bytes between products: further parameters, where A's are no neighbours or B is not packed. */
const stepParameters = ["aStep", "bStep"] as const;

const locals = ["run", "row", "end"] as const;

type PanelParameter = (typeof parameters)[number] | (typeof stepParameters)[number];

export interface PanelLocals extends Record<PanelParameter | (typeof locals)[number], number> {
  /** A row's first element, and where the run has got to. */
  bases: number[];
  pointers: number[];
  sums: number[];
  vectors: number[];
  factor: number;
  lanes: number;
}

/** What a panel does with a tile's sums. */
export interface PanelEnding {
  /** Of the panel, after the others. */
  readonly parameters: readonly string[];
  /** Called where a kernel begins, with these parameters' locals; what it gives emits the end of each tile. */
  start(f: FunctionBuilder, tile: Tile, at: PanelLocals, own: readonly number[]): () => void;
}

/**
 * Emits sum[i][j] = init[i][j] + a[row i + run r + k] b[run r + k][j] + ..., r by r and k by k, for tiles of rows that
 * lie anywhere: a convolution is a matrix product whose rows and runs are picked from tables. A run of A is contiguous,
 * and B lies in packed panels. Returns the function's index.
 */
export function addIndirectPanel(module: ModuleBuilder, tile: ConvTile, ending: PanelEnding = storing): number {
  return addPanel(module, tile, ending, tile.vectors * vectorBytes);
}

/** The same where products lie aStep and bStep apart. Rounds of several would gain nothing. */
export function addStridedPanel(module: ModuleBuilder, tile: ConvTile): number {
  return addPanel(module, tile, storing, null);
}

function addPanel(module: ModuleBuilder, tile: ConvTile, ending: PanelEnding, packedStep: number | null): number {
  const kernels = Array.from({ length: tile.vectors }, (_, v) => {
    const rows = 2 * (v + 1) > tile.vectors ? tile.low : tile.rows;
    return { rows, index: addPanelKernel(module, { ...tile, rows, vectors: v + 1 }, ending, packedStep) };
  });
  const names = [...parameters, ...(packedStep === null ? stepParameters : []), ...ending.parameters];
  const { f, at } = addFunction<string>(module, names);
  emitByWidth(f, tile.lane, tile.vectors, at["columns"], (vectors) => {
    const { rows, index } = kernels[vectors - 1];
    for (const name of names) {
      f.get(at[name]);
      if (name === "tiles" || name === windowTiles) pushHigher(f, rows / tile.low);
    }
    f.call(index);
  });
  return f.index;
}

/** A parameter of endings that counts tiles, as `tiles` does. */
export const windowTiles = "windowTiles";

// Makes a number of tiles that of tiles `times` as high: one that rows only fill up would add to their sums again.
function pushHigher(f: FunctionBuilder, times: number): void {
  if (times === 1) return;
  f.i32const(times - 1).op("i32.add");
  f.i32const(Math.log2(times)).op("i32.shr_u");
}

// packedStep: bytes between products of a packed B, or null for steps that are given.
function addPanelKernel(module: ModuleBuilder, tile: Tile, ending: PanelEnding, packedStep: number | null): number {
  const steps = packedStep === null ? stepParameters : [];
  const { f, at: given } = addFunction<string>(module, [...parameters, ...steps, ...ending.parameters]);
  const own = ending.parameters.map((name) => given[name]);
  const several = (count: number, type: "i32" | "v128") => Array.from({ length: count }, () => f.local(type));
  const at: PanelLocals = {
    ...(given as Record<PanelParameter, number>),
    ...addLocals(f, locals),
    bases: several(tile.rows, "i32"),
    pointers: several(tile.rows, "i32"),
    sums: several(tile.rows * tile.vectors, "v128"),
    vectors: several(tile.vectors, "v128"),
    factor: f.local("v128"),
    lanes: given["columns"],
  };
  emitLastLanes(f, tile, at);
  const emitEnd = ending.start(f, tile, at, own);
  f.loop();
  at.bases.forEach((base, i) => {
    f.get(at.a)
      .get(at.rows)
      .load("i32.load", i * entryBytes)
      .op("i32.add")
      .set(base);
  });
  emitInit(f, tile, at);
  emitRuns(f, tile, at, packedStep);
  emitEnd();
  advance(f, at.rows, tile.rows * entryBytes);
  countDown(f, at.tiles);
  f.end();
  return f.index;
}

// columns = min(columns - lanes of the vectors before the last, a whole vector)
function emitLastLanes(f: FunctionBuilder, { lane, vectors }: Tile, at: PanelLocals): void {
  f.get(at.columns)
    .i32const((vectors - 1) * lane.lanes)
    .op("i32.sub")
    .tee(at.lanes)
    .i32const(lane.lanes);
  f.get(at.lanes).i32const(lane.lanes).op("i32.lt_u").select().set(at.lanes);
}

/** Pushes a row's offset in C. */
export function pushTarget(f: FunctionBuilder, at: PanelLocals, row: number): void {
  f.get(at.rows).load("i32.load", row * entryBytes + 4);
}

function emitInit(f: FunctionBuilder, tile: Tile, at: PanelLocals): void {
  f.get(at.init).if_();
  for (let i = 0; i < tile.rows; i++) {
    pushTarget(f, at, i);
    f.get(at.initMask).op("i32.and").get(at.init).op("i32.add").set(at.row);
    for (let v = 0; v < tile.vectors; v++) {
      f.get(at.row)
        .load("v128.load", v * vectorBytes)
        .set(at.sums[i * tile.vectors + v]);
    }
  }
  f.else_();
  for (const sum of at.sums) f.f32x4const(0).set(sum);
  f.end();
}

function emitRuns(f: FunctionBuilder, tile: Tile, at: PanelLocals, packedStep: number | null): void {
  f.get(at.runs).set(at.run);
  f.block().get(at.run).get(at.runsEnd).op("i32.eq").br_if(0).loop();
  at.pointers.forEach((pointer, i) => {
    f.get(at.run).load("i32.load").get(at.bases[i]).op("i32.add").set(pointer);
  });
  f.get(at.run).load("i32.load", 4).get(at.b).op("i32.add").set(at.row);
  if (packedStep === null) emitStrided(f, tile, at);
  else emitPacked(f, tile, at, packedStep);
  f.get(at.run).i32const(entryBytes).op("i32.add").tee(at.run).get(at.runsEnd).op("i32.ne").br_if(0);
  f.end().end();
}

function emitStrided(f: FunctionBuilder, tile: Tile, at: PanelLocals): void {
  f.get(at.row).get(at.k).get(at.bStep).op("i32.mul").op("i32.add").set(at.end).loop();
  emitStep(f, tile, at, 0, 0);
  for (const pointer of at.pointers) advanceBy(f, pointer, at.aStep);
  f.get(at.row).get(at.bStep).op("i32.add").tee(at.row).get(at.end).op("i32.ne").br_if(0).end();
}

// Fenced, rounds of several ks gain 5 %; otherwise nothing, even with fused multiply-add.
function emitPacked(f: FunctionBuilder, tile: Tile, at: PanelLocals, bytesB: number): void {
  if (tile.fenced) emitRounds(f, tile, at, { ks: tile.unroll, ofK: -tile.unroll, bytesB });
  emitRounds(f, tile, at, { ks: 1, ofK: tile.fenced ? tile.unroll - 1 : -1, bytesB });
}

interface Rounds {
  /** Steps of k in each. */
  ks: number;
  /** The bits of k that these rounds take. */
  ofK: number;
  bytesB: number;
}

function emitRounds(f: FunctionBuilder, tile: Tile, at: PanelLocals, { ks, ofK, bytesB }: Rounds): void {
  const bytesA = tile.lane.bytes;
  f.get(at.k).i32const(ofK).op("i32.and").i32const(bytesB).op("i32.mul").get(at.row).op("i32.add").set(at.end);
  f.get(at.row).get(at.end).op("i32.ne").if_().loop();
  for (let step = 0; step < ks; step++) {
    if (step > 0) emitFence(f, at.row, step);
    emitStep(f, tile, at, step * bytesA, step * bytesB);
  }
  for (const pointer of at.pointers) advance(f, pointer, ks * bytesA);
  f.get(at.row)
    .i32const(ks * bytesB)
    .op("i32.add")
    .tee(at.row)
    .get(at.end)
    .op("i32.ne")
    .br_if(0)
    .end()
    .end();
}

function emitStep(f: FunctionBuilder, tile: Tile, at: PanelLocals, offsetA: number, offsetB: number): void {
  at.vectors.forEach((vector, v) => {
    f.get(at.row)
      .load("v128.load", offsetB + v * vectorBytes)
      .set(vector);
  });
  at.pointers.forEach((pointer, i) => {
    f.get(pointer).load(tile.lane.loadSplat, offsetA).set(at.factor);
    at.vectors.forEach((vector, v) => {
      tile.multiplyAdd(f, tile.lane, at.sums[i * tile.vectors + v], at.factor, vector);
    });
  });
}

/** Stores each row's sums in C. */
const storing: PanelEnding = {
  parameters: [],
  start: (f, tile, at) => () => {
    emitRelu(f, tile.lane, at.relu, at.sums, at.factor);
    emitStores(f, tile, at);
  },
};

// A row that fills up a tile is the last one again: it is written twice, with equal values.
function emitStores(f: FunctionBuilder, tile: Tile, at: PanelLocals): void {
  const { lane, rows, vectors } = tile;
  const setRow = (i: number): void => {
    f.get(at.c);
    pushTarget(f, at, i);
    f.op("i32.add").set(at.row);
  };
  const sumsOf = (i: number): number[] => at.sums.slice(i * vectors, (i + 1) * vectors);
  f.get(at.lanes).i32const(lane.lanes).op("i32.eq").if_();
  for (let i = 0; i < rows; i++) {
    setRow(i);
    emitVectors(f, at.row, sumsOf(i));
  }
  f.else_();
  for (let i = 0; i < rows; i++) {
    setRow(i);
    emitPartial(f, lane, at.lanes, at.row, sumsOf(i));
  }
  f.end();
}
