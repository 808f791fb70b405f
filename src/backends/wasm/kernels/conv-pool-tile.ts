// tested by src/backends/wasm/kernels/conv.test.ts
import type { FunctionBuilder } from "../assembler/function-builder.ts";
import { emitColumns, emitRelu } from "./conv-stores.ts";
import { type ConvTile, type PanelEnding, type PanelLocals, pushTarget, windowTiles } from "./conv-tile.ts";
import { vectorBytes } from "./lane-type.ts";
import type { Tile } from "./matmul-tile.ts";

/**
 * The tile for pooling windows of so many places: a window is whole tiles, filled up with its last place, which changes
 * no maximum.
 */
export function poolTile(tile: ConvTile, places: number): ConvTile {
  if (places % tile.rows === 0) return tile;
  const rows = Math.min(2, tile.low);
  return { ...tile, rows, low: rows };
}

/**
 * Joins the rows of a window, which follow each other, as max pooling does: c = the greatest, or relu of that.
 * With `record`, the place of the first of equals, or of the first NaN, goes as far behind c as that parameter says.
 * What a window's first tiles leave in memory, the next ones go on from.
 */
export function pooling({ relu, record }: PoolEnding): PanelEnding {
  return {
    parameters: record ? [windowTiles, "record"] : [windowTiles],
    start(f, tile, at, [tiles, distance]) {
      const several = (count: number) => Array.from({ length: count }, () => f.local("v128"));
      const left = f.local("i32");
      const best = several(tile.vectors);
      const taken = f.local("v128");
      const places = record ? { place: f.local("v128"), chosen: several(tile.vectors), target: f.local("i32") } : null;
      const window: Window = { f, tile, at, relu, best, taken, places };
      f.get(tiles).set(left);
      return () => {
        f.get(at.c);
        pushTarget(f, at, 0);
        f.op("i32.add").set(at.row);
        if (places !== null) f.get(at.row).get(distance).op("i32.add").set(places.target);
        f.get(left).get(tiles).op("i32.eq").if_();
        emitStart(window);
        for (let i = 0; i < tile.rows; i++) emitJoin(window, i);
        f.get(left).i32const(1).op("i32.sub").tee(left).op("i32.eqz").if_();
        f.get(tiles).set(left);
        if (relu) emitRelu(f, tile.lane, at.relu, best, at.factor);
        f.end();
        emitColumns(f, tile.lane, at.lanes, at.row, best);
        if (places !== null) emitColumns(f, tile.lane, at.lanes, places.target, places.chosen);
      };
    },
  };
}

/** What becomes of windows. */
export interface PoolEnding {
  readonly relu: boolean;
  readonly record: boolean;
}

interface Places {
  /** The number of the row that is joined next. */
  readonly place: number;
  readonly chosen: readonly number[];
  readonly target: number;
}

interface Window {
  readonly f: FunctionBuilder;
  readonly tile: Tile;
  readonly at: PanelLocals;
  readonly relu: boolean;
  readonly best: readonly number[];
  readonly taken: number;
  readonly places: Places | null;
}

// In an if: of the window's first tile. Others go on from memory.
function emitStart({ f, at, best, places }: Window): void {
  for (const value of best) f.f32x4const(Number.NEGATIVE_INFINITY).set(value);
  for (const value of places === null ? [] : [places.place, ...places.chosen]) f.i32x4const(0).set(value);
  f.else_();
  const load = (from: number, values: readonly number[]): void => {
    values.forEach((value, v) => {
      f.get(from)
        .load("v128.load", v * vectorBytes)
        .set(value);
    });
  };
  load(at.row, best);
  if (places !== null) load(places.target, places.chosen);
  f.end();
}

function emitJoin(window: Window, row: number): void {
  const { f, tile, at, relu, best, taken, places } = window;
  best.forEach((value, v) => {
    const sum = at.sums[row * tile.vectors + v];
    if (places !== null) {
      // A greater one or the first NaN: what is not less or equal, until there is a NaN.
      f.get(value).get(value).op("f32x4.eq").get(sum).get(value).op("f32x4.le").op("v128.andnot").set(taken);
      f.get(places.place).get(places.chosen[v]).get(taken).op("v128.bitselect").set(places.chosen[v]);
    }
    // What relu makes equal need not be told apart: the signs of zeros. So there are shorter ways than max.
    if (!relu) f.get(value).get(sum).op("f32x4.max");
    else if (places !== null) f.get(sum).get(value).get(taken).op("v128.bitselect");
    else f.get(value).get(sum).op("f32x4.pmax").get(sum).get(value).op("f32x4.pmax").op("v128.or");
    f.set(value);
  });
  if (places !== null) f.get(places.place).i32x4const(1).op("i32x4.add").set(places.place);
}
