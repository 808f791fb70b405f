import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import type { LaneType, MajorOrder, MultiplyAdd } from "./lane-type.ts";
import { vectorBytes } from "./lane-type.ts";
import { addFunction, advance, advanceBy, countDown, emitFence } from "./pointer-steps.ts";

/**
 * `rows` x `vectors` accumulators that stay in registers: what fits differs by engine, and the
 * result's bits do not depend on it. Rows are four or, without fences, six; vectors a power of two.
 */
export interface Tile {
  lane: LaneType;
  multiplyAdd: MultiplyAdd;
  rows: number;
  vectors: number;
  /** Steps of k in a round of the inner loop. */
  unroll: number;
  /** The same where B was laid out in panels for this tile, so that its ks are a constant apart; 0: no such loop. */
  unrollPanels: number;
  /** Whether fences part these steps: see emitFence. */
  fenced: boolean;
}

interface TileSpec extends Tile {
  majorA: MajorOrder;
}

// Parameters of a tile kernel, in order. Steps are in bytes.
const parameters = [
  "a", // first element of the first tile's rows
  "b", // first element of the column panel
  "c",
  "init", // the accumulators' first values, or 0 for zeros
  "initStep", // between rows of init: 0 repeats a bias
  "tiles", // how many tiles, one under another; at least 1
  "k",
  "aStep", // between rows when A is row-major, between ks when it is k-major
  "aTile", // between tiles
  "bStep", // between ks
  "cStep", // between rows
  "lanes", // columns in the last vector
] as const;

interface TileLocals extends Record<(typeof parameters)[number], number> {
  sums: number[];
  columns: number[];
  factor: number;
  pointers: number[];
  row: number;
  end: number;
}

/**
 * Emits sum[i][j] = init[i][j] + a[i][0] b[0][j] + a[i][1] b[1][j] + ..., left to right, for
 * `tiles` tiles of `rows` rows and up to `vectors` vectors of columns. Returns the function's index.
 */
export function addTileKernel(module: ModuleBuilder, tile: Tile, majorA: MajorOrder, exportName?: string): number {
  const spec = { ...tile, majorA };
  const { f, at: given } = addFunction(module, parameters, exportName);
  const at: TileLocals = { ...given, ...tileLocals(f, spec) };
  f.loop();
  emitInit(f, spec, at);
  emitProducts(f, spec, at);
  emitStores(f, spec, at);
  advanceBy(f, at.a, at.aTile);
  for (let i = 0; i < spec.rows; i++) {
    advanceBy(f, at.c, at.cStep);
    advanceBy(f, at.init, at.initStep);
  }
  countDown(f, at.tiles);
  f.end();
  return f.index;
}

function tileLocals(f: FunctionBuilder, spec: TileSpec): Omit<TileLocals, (typeof parameters)[number]> {
  const vectors = (count: number) => Array.from({ length: count }, () => f.local("v128"));
  const pointers = Array.from({ length: spec.majorA === "rows" ? spec.rows : 1 }, () => f.local("i32"));
  return {
    pointers,
    row: f.local("i32"),
    end: f.local("i32"),
    sums: vectors(spec.rows * spec.vectors),
    columns: vectors(spec.vectors),
    factor: f.local("v128"),
  };
}

function emitInit(f: FunctionBuilder, spec: TileSpec, at: TileLocals): void {
  f.get(at.init).if_();
  f.get(at.init).set(at.row);
  at.sums.forEach((sum, i) => {
    if (i > 0 && i % spec.vectors === 0) advanceBy(f, at.row, at.initStep);
    f.get(at.row)
      .load("v128.load", (i % spec.vectors) * vectorBytes)
      .set(sum);
  });
  f.else_();
  const [first, ...others] = at.sums;
  f.f32x4const(0);
  for (const sum of others) f.tee(sum);
  f.set(first).end();
}

function emitProducts(f: FunctionBuilder, spec: TileSpec, at: TileLocals): void {
  f.block().get(at.k).op("i32.eqz").br_if(0);
  at.pointers.forEach((pointer, i) => {
    if (i === 0) f.get(at.a).set(pointer);
    else
      f.get(at.pointers[i - 1])
        .get(at.aStep)
        .op("i32.add")
        .set(pointer);
  });
  f.get(at.b).set(at.row);
  if (spec.unrollPanels > 1) {
    const panel = spec.vectors * vectorBytes;
    f.get(at.bStep).i32const(panel).op("i32.eq").if_();
    emitWholeRounds(f, spec, at, spec.unrollPanels, panel);
    f.else_();
  }
  if (spec.unroll > 1) emitWholeRounds(f, spec, at, spec.unroll, null);
  if (spec.unrollPanels > 1) f.end();
  f.get(at.k);
  emitRounds(f, spec, at, 1, null);
  f.end();
}

function emitWholeRounds(
  f: FunctionBuilder,
  spec: TileSpec,
  at: TileLocals,
  steps: number,
  bStep: number | null,
): void {
  f.get(at.k).i32const(-steps).op("i32.and");
  emitRounds(f, spec, at, steps, bStep);
}

// Rounds of `steps` ks, until as many are done as the stack's top says; `bStep` where it is known beforehand.
function emitRounds(f: FunctionBuilder, spec: TileSpec, at: TileLocals, steps: number, bStep: number | null): void {
  f.get(at.bStep).op("i32.mul").get(at.b).op("i32.add").set(at.end);
  f.get(at.row).get(at.end).op("i32.ne").if_().loop();
  for (let step = 0; step < steps; step++) {
    if (spec.fenced && step > 0) emitFence(f, at.pointers[0], step);
    emitStep(f, spec, at, step, step * (bStep ?? 0));
    if (bStep === null) advanceBy(f, at.row, at.bStep);
  }
  if (bStep !== null) advance(f, at.row, steps * bStep);
  if (spec.majorA === "rows") for (const pointer of at.pointers) advance(f, pointer, steps * spec.lane.bytes);
  f.get(at.row).get(at.end).op("i32.ne").br_if(0).end().end();
}

// The products of one k, `ahead` of A's pointers when its ks are neighbours and so many bytes ahead of B's.
function emitStep(f: FunctionBuilder, spec: TileSpec, at: TileLocals, ahead: number, bytesAhead: number): void {
  const { lane } = spec;
  at.columns.forEach((column, v) => {
    f.get(at.row)
      .load("v128.load", bytesAhead + v * vectorBytes)
      .set(column);
  });
  for (let i = 0; i < spec.rows; i++) {
    if (spec.majorA === "rows") f.get(at.pointers[i]).load(lane.loadSplat, ahead * lane.bytes);
    else f.get(at.pointers[0]).load(lane.loadSplat, i * lane.bytes);
    f.set(at.factor);
    at.columns.forEach((column, v) => {
      spec.multiplyAdd(f, lane, at.sums[i * spec.vectors + v], at.factor, column);
    });
  }
  if (spec.majorA === "k") advanceBy(f, at.pointers[0], at.aStep);
}

// All loads are done by now: V8 revectorizes stores that follow one another.
function emitStores(f: FunctionBuilder, spec: TileSpec, at: TileLocals): void {
  const { lane, vectors } = spec;
  f.get(at.lanes).i32const(lane.lanes).op("i32.eq").if_();
  emitRows(f, spec, at, (v) => v < vectors);
  f.else_();
  emitRows(f, spec, at, (v) => v < vectors - 1);
  for (let l = 0; l < lane.lanes - 1; l++) {
    f.get(at.lanes).i32const(l).op("i32.gt_u").if_().get(at.c).set(at.row);
    for (let i = 0; i < spec.rows; i++) {
      const offset = (vectors - 1) * vectorBytes + l * lane.bytes;
      f.get(at.row)
        .get(at.sums[i * vectors + vectors - 1])
        .storeLane(lane.storeLane, offset, l);
      if (i < spec.rows - 1) advanceBy(f, at.row, at.cStep);
    }
    f.end();
  }
  f.end();
}

function emitRows(f: FunctionBuilder, spec: TileSpec, at: TileLocals, stored: (vector: number) => boolean): void {
  f.get(at.c).set(at.row);
  at.sums.forEach((sum, i) => {
    const v = i % spec.vectors;
    if (i > 0 && v === 0) advanceBy(f, at.row, at.cStep);
    if (stored(v))
      f.get(at.row)
        .get(sum)
        .store("v128.store", v * vectorBytes);
  });
}
