import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { addInputProduct } from "./conv-input-product.ts";
import { addKernelProduct } from "./conv-kernel-product.ts";
import { addCopyRows, type ConvParts } from "./conv-parts.ts";
import { type PoolEnding, pooling, poolTile } from "./conv-pool-tile.ts";
import { addConvProduct } from "./conv-product.ts";
import {
  type ConvPool,
  type ConvShape,
  forwardSum,
  inputSum,
  kernelSum,
  paddedPicture,
  poolWindows,
} from "./conv-shape.ts";
import {
  addTable,
  addWindowTable,
  countEntries,
  type Entries,
  tableArguments,
  tableBytes,
  windowArguments,
} from "./conv-tables.ts";
import { addIndirectPanel, addStridedPanel, type ConvTile, convTile, entryBytes } from "./conv-tile.ts";
import type { FloatDType } from "./lane-type.ts";
import { laneTypes } from "./lane-type.ts";
import { addPackPanels } from "./matmul-pack.ts";
import type { Tile } from "./matmul-tile.ts";

/** The three ops of a convolution: y from (x, w, bias), dx from (dy, w), dw from (x, dy). */
export type ConvOp = "conv" | "convInputGrad" | "convKernelGrad";

const suffixes: Readonly<Record<ConvOp, string>> = { conv: "", convInputGrad: "_input", convKernelGrad: "_kernel" };

export function convKernelName(op: ConvOp, dtype: FloatDType): string {
  return `conv_${laneTypes[dtype].scalar}${suffixes[op]}`;
}

/** The export of a convolution that pools, which stands in a module of its own. */
export function pooledConvName(s: ConvShape, tile: Tile): string {
  return nameOf({ relu: s.relu ?? false, record: s.pool?.record ?? false }, tileFor(s, tile).rows);
}

function nameOf({ relu, record }: PoolEnding, rows: number): string {
  return `${record ? "record" : "pool"}${rows}_${relu ? "relu_" : ""}conv_f32`;
}

/** The tile of a convolution: where it pools, such that its windows are whole tiles. */
function tileFor({ pool }: ConvShape, tile: Tile): ConvTile {
  const wide = convTile(tile);
  return pool === undefined ? wide : poolTile(wide, pool.window[0] * pool.window[1]);
}

/**
 * Convolutions as matrix products that are never laid out: tables say where a row and a run of the sum lie.
 *
 * Adds the exports `conv_f32`, `_input`, `_kernel` (or `_f64`). Every element is summed as its op's meaning says, from
 * left to right, whatever the tile. Nothing is written outside the result and scratch; reads go up to 15 bytes past an
 * operand's end.
 */
export function addConvKernels(module: ModuleBuilder, given: Tile): void {
  const tile = convTile(given);
  const { dtype } = tile.lane;
  const table = addTable(module, tile.rows);
  const parts: ConvParts = {
    panel: addIndirectPanel(module, tile),
    tables: { row: table, run: table },
    copy: addCopyRows(module),
    pack: {
      k: addPackPanels(module, tile.lane, tile.vectors * tile.lane.lanes, "k"),
      rows: addPackPanels(module, tile.lane, tile.vectors * tile.lane.lanes, "rows"),
    },
  };
  addConvProduct(module, tile, parts, convKernelName("conv", dtype));
  addInputProduct(module, tile, parts, convKernelName("convInputGrad", dtype));
  const strided = { ...parts, panel: addStridedPanel(module, tile) };
  addKernelProduct(module, tile, strided, convKernelName("convKernelGrad", dtype));
}

/** How convolutions may pool, each with the start of its export's name. */
export function poolEndings(): { readonly name: string; readonly ending: PoolEnding; readonly rows: number }[] {
  const flags = [false, true];
  const endings = flags.flatMap((relu) => flags.map((record) => ({ relu, record })));
  return endings.flatMap((ending) => [2, 4].map((rows) => ({ name: nameOf(ending, rows), ending, rows })));
}

/**
 * Adds the export of a convolution of float32 whose result only maxPool reads, over windows that lie apart and have
 * `rows` rows in a tile.
 */
export function addPooledConv(module: ModuleBuilder, given: Tile, ending: PoolEnding, rows: number): void {
  const tile = poolTile(convTile(given), rows);
  const table = addTable(module, tile.rows);
  const parts = {
    panel: addIndirectPanel(module, tile, pooling(ending)),
    tables: { row: addWindowTable(module, table), run: table },
    copy: addCopyRows(module),
    pack: { k: addPackPanels(module, tile.lane, tile.vectors * tile.lane.lanes, "k") },
  };
  addConvProduct(module, tile, parts, nameOf(ending, tile.rows), ending.record ? "record" : "pool");
}

/** All that follows from an op's shapes: numbers between the operands and the tables' entries, and bytes of scratch. */
interface Plan {
  readonly windowTiles?: number;
  readonly numbers: readonly number[];
  readonly entries: readonly number[];
  readonly scratchBytes: number;
}

/** An op's arguments in order: its operands (where it pools, a record first; a bias or 0 last) and its result, scratch, and numbers. */
export function convArguments<P>(
  op: ConvOp,
  s: ConvShape,
  { operands, result, scratch }: { readonly operands: readonly P[]; readonly result: P; readonly scratch: P },
  tile: Tile,
): (P | number)[] {
  const { windowTiles, numbers, entries } = planOf(op, s, tile);
  const own = windowTiles === undefined ? [] : [windowTiles];
  return [...own, ...operands, result, scratch, ...numbers, ...entries];
}

/** Bytes of scratch that an op may write, from an address aligned to 64. */
export function convScratchBytes(op: ConvOp, s: ConvShape, tile: Tile): number {
  return planOf(op, s, tile).scratchBytes;
}

function planOf(op: ConvOp, s: ConvShape, given: Tile): Plan {
  const tile = tileFor(s, given);
  return op === "convKernelGrad" ? kernelPlan(s, tile) : productPlan(op, s, tile);
}

/** Bytes between images, and of a place's channels in one group. */
function sizesOf(s: ConvShape) {
  const [rows, columns] = (s.pool ?? s).counts;
  const { bytes } = laneTypes[s.dtype];
  return {
    xImage: s.space[0] * s.space[1] * s.channels * bytes,
    yImage: rows * columns * s.filters * bytes,
    xGroup: (s.channels / s.groups) * bytes,
    yGroup: (s.filters / s.groups) * bytes,
    filterRow: s.filters * bytes,
  };
}

function kernelPlan(s: ConvShape, tile: ConvTile): Plan {
  const { xImage, yImage, xGroup, yGroup, filterRow } = sizesOf(s);
  const x = paddedPicture(s);
  const sum = kernelSum(s, x);
  const columns = s.filters / s.groups;
  const panels = Math.ceil(columns / (tile.vectors * tile.lane.lanes));
  const images = [0, panels, s.images, xImage, yImage, s.groups, xGroup, yGroup, columns];
  const { numbers, scratchBytes } = layoutOf(s, countEntries(sum.rows), sum.runs, tile);
  return {
    numbers: [...images, sum.k, s.strides[1] * x.place, filterRow, ...numbers],
    entries: [...tableArguments(sum.rows), ...tableArguments(sum.runs)],
    scratchBytes,
  };
}

function productPlan(op: "conv" | "convInputGrad", s: ConvShape, tile: ConvTile): Plan {
  const { xImage, yImage, xGroup, yGroup, filterRow } = sizesOf(s);
  const { lanes, bytes } = tile.lane;
  const width = tile.vectors * lanes;
  const channels = s.channels / s.groups;
  const columns = op === "conv" ? s.filters / s.groups : channels;
  const panelBytes = (k: number): number => roundUp(k, lanes) * width * bytes;
  const runBytes = (k: number): number => Math.ceil(columns / width) * panelBytes(k);
  const x = paddedPicture(s);
  const sum = op === "conv" ? forwardSum(s, x, runBytes) : inputSum(s, x, runBytes);
  const { k } = sum;
  const taps = countEntries(sum.runs);
  // Rows of w that belong to one run.
  const tapRows = (s.kernel[0] * s.kernel[1] * channels) / taps;
  const rows = s.pool === undefined ? rowsOf(sum.rows) : windowRows(s, s.pool, tile);
  const { numbers, scratchBytes } = layoutOf(s, rows.count, sum.runs, tile);
  const images = op === "conv" ? [s.relu ? 1 : 0, xImage, yImage, xGroup, yGroup] : [yImage, xImage, yGroup, xGroup];
  const start = op === "conv" ? [] : [scratchBytes];
  const packed = scratchBytes + 64;
  const packing = [
    s.groups,
    yGroup,
    columns,
    k,
    packed,
    runBytes(k),
    panelBytes(k),
    taps,
    tapRows * filterRow,
    filterRow,
  ];
  return {
    ...rows.own,
    numbers: [0, s.images, ...images, ...start, ...packing, ...numbers],
    entries: [...rows.entries, ...tableArguments(sum.runs)],
    scratchBytes: packed + s.groups * taps * runBytes(k),
  };
}

/** A table of rows: how many entries, and what fills it. */
interface Rows {
  readonly count: number;
  readonly entries: readonly number[];
  readonly own: Pick<Plan, "windowTiles">;
}

function rowsOf(rows: Entries): Rows {
  return { count: countEntries(rows), entries: tableArguments(rows), own: {} };
}

function windowRows(s: ConvShape, pool: ConvPool, { rows, low }: ConvTile): Rows {
  const windows = poolWindows(s, pool, paddedPicture(s), rows);
  const count = countEntries(windows.windows) * windows.filled;
  return { count, entries: windowArguments(windows), own: { windowTiles: windows.filled / low } };
}

/** Tables and a padded picture in scratch, each on cache lines, and the numbers that describe them. */
function layoutOf(s: ConvShape, rowCount: number, runs: Entries, tile: ConvTile) {
  const tableEnd = (from: number, entries: number) => roundUp(from + tableBytes(entries, tile.rows), 64);
  const runCount = countEntries(runs);
  const runsAt = tableEnd(0, rowCount);
  const padded = tableEnd(runsAt, runCount);
  const x = paddedPicture(s);
  const paddedBytes = x.bytes;
  const tables = [0, Math.ceil(rowCount / tile.low), runsAt, runsAt + runCount * entryBytes];
  const padding = [padded, paddedBytes, x.start, x.row, s.space[0], s.space[1] * x.place];
  return { numbers: [...tables, ...padding], scratchBytes: padded + roundUp(paddedBytes, 64) };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
