import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { addInputProduct } from "./conv-input-product.ts";
import { addKernelProduct } from "./conv-kernel-product.ts";
import { addCopyRows, type ConvParts } from "./conv-parts.ts";
import { addConvProduct } from "./conv-product.ts";
import { type ConvShape, forwardSum, inputSum, kernelSum, paddedPicture, type Sum } from "./conv-shape.ts";
import { addTable, countEntries, tableArguments, tableBytes } from "./conv-tables.ts";
import { addIndirectPanel, type ConvTile, convTile, entryBytes } from "./conv-tile.ts";
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
  const parts: ConvParts = {
    panel: addIndirectPanel(module, tile),
    table: addTable(module, tile.rows),
    copy: addCopyRows(module),
    pack: {
      k: addPackPanels(module, tile.lane, tile.vectors, "k"),
      rows: addPackPanels(module, tile.lane, tile.vectors, "rows"),
    },
  };
  addConvProduct(module, tile, parts, convKernelName("conv", dtype));
  addInputProduct(module, tile, parts, convKernelName("convInputGrad", dtype));
  addKernelProduct(module, tile, parts, convKernelName("convKernelGrad", dtype));
}

/** All that follows from an op's shapes: numbers between the operands and the tables' entries, and bytes of scratch. */
interface Plan {
  readonly numbers: readonly number[];
  readonly sum: Sum;
  readonly scratchBytes: number;
}

/** An op's arguments in order: its operands (a bias or 0 last) and its result, scratch, and numbers. */
export function convArguments<P>(
  op: ConvOp,
  s: ConvShape,
  { operands, result, scratch }: { readonly operands: readonly P[]; readonly result: P; readonly scratch: P },
  tile: Tile,
): (P | number)[] {
  const { numbers, sum } = planOf(op, s, tile);
  return [...operands, result, scratch, ...numbers, ...tableArguments(sum.rows), ...tableArguments(sum.runs)];
}

/** Bytes of scratch that an op may write, from an address aligned to 64. */
export function convScratchBytes(op: ConvOp, s: ConvShape, tile: Tile): number {
  return planOf(op, s, tile).scratchBytes;
}

function planOf(op: ConvOp, s: ConvShape, given: Tile): Plan {
  const tile = convTile(given);
  return op === "convKernelGrad" ? kernelPlan(s, tile) : productPlan(op, s, tile);
}

/** Bytes between images, and of a place's channels in one group. */
function sizesOf(s: ConvShape) {
  const { bytes } = laneTypes[s.dtype];
  return {
    xImage: s.space[0] * s.space[1] * s.channels * bytes,
    yImage: s.counts[0] * s.counts[1] * s.filters * bytes,
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
  const { numbers, scratchBytes } = layoutOf(s, sum, x.bytes, tile);
  return { numbers: [...images, sum.k, s.strides[1] * x.place, filterRow, ...numbers], sum, scratchBytes };
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
  const { numbers, scratchBytes } = layoutOf(s, sum, x.bytes, tile);
  const images = op === "conv" ? [xImage, yImage, xGroup, yGroup] : [yImage, xImage, yGroup, xGroup];
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
    numbers: [0, s.images, ...images, ...start, ...packing, ...numbers],
    sum,
    scratchBytes: packed + s.groups * taps * runBytes(k),
  };
}

/** Tables and a padded picture in scratch, each on cache lines, and the numbers that describe them. */
function layoutOf(s: ConvShape, { rows, runs }: Sum, paddedBytes: number, tile: ConvTile) {
  const tableEnd = (from: number, entries: number) => roundUp(from + tableBytes(entries, tile.rows), 64);
  const [rowCount, runCount] = [countEntries(rows), countEntries(runs)];
  const runsAt = tableEnd(0, rowCount);
  const padded = tableEnd(runsAt, runCount);
  const x = paddedPicture(s);
  const tables = [0, Math.ceil(rowCount / tile.low), runsAt, runsAt + runCount * entryBytes];
  const padding = [padded, paddedBytes, x.start, x.row, s.space[0], s.space[1] * x.place];
  return { numbers: [...tables, ...padding], scratchBytes: padded + roundUp(paddedBytes, 64) };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
