import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { vectorBytes } from "./lane-type.ts";
import type { Tile } from "./matmul-tile.ts";
import { addFunction, advance, advanceBy, advanceByProduct, emitByWidth } from "./pointer-steps.ts";

/** Vectors in a wide strip: their sums stay in registers, and none waits for its last addition. */
const WIDE = 12;
/** Where ks are unrolled, V8 keeps more values at a time. A strip reads too much to gain by rounds between fences. */
const WIDE_UNROLLED = 8;
/** What is left is done by so many vectors, and then by as many as there are. */
const NARROW = 4;

/**
 * Rows of B that are wider than a strip are read by so many bytes at a time, all strips of a block before the next: so B
 * comes in order, and stays in the first cache. Of long rows, which are on few sets of the cache and a page each, a few.
 */
const BLOCK_BYTES = 16384;
const LEAST_ROWS = 8;
const WIDE_BYTES = 256;

const parameters = ["a", "b", "c", "init", "n", "k", "bStep"] as const;

interface RowProduct {
  f: FunctionBuilder;
  tile: Tile;
  at: Record<(typeof parameters)[number], number>;
  /** A's next element, B's row for it, and where this loop ends in A. */
  element: number;
  row: number;
  end: number;
  factor: number;
  value: number;
  sums: number[];
}

/**
 * (a, b, c, init, n, k, bStep): one row of A times B[k][n], whose rows are bStep apart, each c[j] summed from left to
 * right. B is read once, as it lies, in strips of columns whose sums stay in registers.
 * Returns the function's index.
 */
export function addRowProduct(module: ModuleBuilder, tile: Tile): number {
  const strips = addStrips(module, tile);
  const { f, at } = addFunction(module, parameters);
  const { a, b, c, init, n, k, bStep } = at;
  const ks = f.local("i32");
  f.get(k);
  f.i32const(BLOCK_BYTES).get(bStep).op("i32.div_u").tee(ks).i32const(LEAST_ROWS);
  f.get(ks).i32const(LEAST_ROWS).op("i32.gt_u").select();
  f.get(bStep).i32const(WIDE_BYTES).op("i32.lt_u").select().set(ks);
  f.loop();
  f.get(k).get(ks).get(k).get(ks).op("i32.lt_u").select().set(ks);
  for (const local of [a, b, c, init, n, ks, bStep]) f.get(local);
  f.call(strips);
  f.get(a).get(ks).i32const(tile.lane.bytes).op("i32.mul").op("i32.add").set(a);
  advanceByProduct(f, b, ks, bStep);
  f.get(c).set(init);
  f.get(k).get(ks).op("i32.sub").tee(k).br_if(0).end();
  return f.index;
}

function unrolls({ unroll, fenced }: Tile): boolean {
  return unroll > 1 && !fenced;
}

function addStrips(module: ModuleBuilder, tile: Tile): number {
  const { f, at } = addFunction(module, parameters);
  const [element, row, end] = [f.local("i32"), f.local("i32"), f.local("i32")];
  const wide = unrolls(tile) ? WIDE_UNROLLED : WIDE;
  const [factor, value, ...sums] = Array.from({ length: 2 + wide }, () => f.local("v128"));
  const product: RowProduct = { f, tile, at, element, row, end, factor, value, sums };
  for (const width of [wide, NARROW]) emitStrips(product, width);
  f.get(at.n).op("i32.eqz").if_().return_().end();
  emitByWidth(f, tile.lane, NARROW, at.n, (width) => emitLastStrip(product, width));
  return f.index;
}

/** Strips of whole vectors, while there are as many columns. */
function emitStrips(product: RowProduct, width: number): void {
  const { f, tile, at } = product;
  const columns = width * tile.lane.lanes;
  f.block().loop();
  f.get(at.n).i32const(columns).op("i32.lt_u").br_if(1);
  emitSums(product, width);
  emitStores(product, width);
  for (const pointer of [at.b, at.c]) advance(f, pointer, width * vectorBytes);
  // 0 stands for zeros and stays 0.
  f.get(at.init)
    .i32const(width * vectorBytes)
    .op("i32.add")
    .i32const(0)
    .get(at.init)
    .select();
  f.set(at.init);
  f.get(at.n).i32const(columns).op("i32.sub").set(at.n).br(0).end().end();
}

/** The last columns: whole vectors are read, of which the last is stored lane by lane as far as there are columns. */
function emitLastStrip(product: RowProduct, width: number): void {
  const { f, tile, at, sums } = product;
  const { lane } = tile;
  emitSums(product, width);
  emitStores(product, width - 1);
  const last = width - 1;
  for (let l = 0; l < lane.lanes; l++) {
    f.get(at.n)
      .i32const(last * lane.lanes + l)
      .op("i32.gt_u")
      .if_();
    f.get(at.c)
      .get(sums[last])
      .storeLane(lane.storeLane, last * vectorBytes + l * lane.bytes, l)
      .end();
  }
}

function emitStores({ f, at, sums }: RowProduct, width: number): void {
  for (let v = 0; v < width; v++)
    f.get(at.c)
      .get(sums[v])
      .store("v128.store", v * vectorBytes);
}

function emitSums(product: RowProduct, width: number): void {
  const { f, tile, at, element, row, end, sums } = product;
  const strip = sums.slice(0, width);
  f.get(at.init).if_();
  strip.forEach((sum, v) => {
    f.get(at.init)
      .load("v128.load", v * vectorBytes)
      .set(sum);
  });
  f.else_();
  for (const sum of strip) f.f32x4const(0).set(sum);
  f.end();
  f.get(at.a).set(element).get(at.b).set(row);
  for (const ks of unrolls(tile) ? [tile.unroll, 1] : [1]) {
    f.get(at.k).i32const(-ks).op("i32.and").i32const(tile.lane.bytes).op("i32.mul").get(at.a).op("i32.add").set(end);
    f.get(element).get(end).op("i32.ne").if_().loop();
    for (let step = 0; step < ks; step++) emitStep(product, strip, step);
    advance(f, element, ks * tile.lane.bytes);
    f.get(element).get(end).op("i32.ne").br_if(0).end().end();
  }
}

function emitStep(
  { f, tile, at, element, row, factor, value }: RowProduct,
  strip: readonly number[],
  step: number,
): void {
  const { lane } = tile;
  f.get(element)
    .load(lane.loadSplat, step * lane.bytes)
    .set(factor);
  strip.forEach((sum, v) => {
    f.get(row)
      .load("v128.load", v * vectorBytes)
      .set(value);
    tile.multiplyAdd(f, lane, sum, factor, value);
  });
  advanceBy(f, row, at.bStep);
}
