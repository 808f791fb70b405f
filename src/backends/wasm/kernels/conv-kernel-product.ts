// tested by src/backends/wasm/kernels/conv.test.ts
import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import {
  addProduct,
  type ConvParts,
  emitBorders,
  emitPadded,
  entriesParameters,
  type Locals,
  paddingParameters,
  tablesParameters,
} from "./conv-parts.ts";
import type { Tile } from "./matmul-tile.ts";
import { addLocals, advance, advanceBy, countDown } from "./pointer-steps.ts";

const parameters = [
  "x",
  "dy",
  "dw",
  "scratch",
  "from", // panels of a group's columns
  "count",
  "images",
  "xImage", // bytes between images
  "dyImage",
  "groups",
  "xGroup", // bytes between groups
  "dyGroup", // of dy and of dw
  "columns", // of a group
  "k", // products in a run
  "xStep", // between places
  "dyStep",
  ...tablesParameters,
  ...paddingParameters,
] as const;

/** The arguments of a sum over images, in order. */
export const kernelProductParameters: readonly string[] = [...parameters, ...entriesParameters];

const locals = ["source", "dyAt", "dwAt", "b", "c", "group", "left", "panels", "begun"] as const;

type At = Locals<(typeof parameters)[number] | (typeof locals)[number]>;

/**
 * Emits dw[row][f] = the sum over images, runs and k of x[image, row + run + k] dy[image, run + k][f], image by image:
 * each goes on from the sums that the one before left in dw.
 */
export function addKernelProduct(module: ModuleBuilder, tile: Tile, parts: ConvParts, name: string): void {
  const { f, at: given } = addProduct(module, parameters, parts.tables, name);
  const at = { ...given, ...addLocals(f, locals) };
  const panelBytes = tile.vectors * tile.lane.lanes * tile.lane.bytes;
  for (const operand of [at.dy, at.dw]) {
    f.get(operand).get(at.from).i32const(panelBytes).op("i32.mul").op("i32.add").set(operand);
  }
  emitBorders(f, at);
  f.loop();
  emitPadded(f, at, { picture: at.x, target: at.source, copy: parts.copy });
  f.get(at.dy).set(at.dyAt).get(at.dw).set(at.dwAt).get(at.groups).set(at.group).loop();
  emitPanels(f, tile, at, parts.panel);
  advanceBy(f, at.source, at.xGroup);
  advanceBy(f, at.dyAt, at.dyGroup);
  advanceBy(f, at.dwAt, at.dyGroup);
  countDown(f, at.group);
  f.end();
  f.i32const(1).set(at.begun);
  advanceBy(f, at.x, at.xImage);
  advanceBy(f, at.dy, at.dyImage);
  countDown(f, at.images);
  f.end();
}

function emitPanels(f: FunctionBuilder, tile: Tile, at: At, panel: number): void {
  const width = tile.vectors * tile.lane.lanes;
  f.get(at.columns).get(at.from).i32const(width).op("i32.mul").op("i32.sub").set(at.left);
  f.get(at.dyAt).set(at.b).get(at.dwAt).set(at.c).get(at.count).set(at.panels).loop();
  for (const local of [at.source, at.b, at.c]) f.get(local);
  // The first image starts from zeros, the others from what is in dw.
  f.get(at.c).i32const(0).get(at.begun).select().i32const(-1);
  for (const local of [at.rows, at.tiles, at.runs, at.runsEnd, at.k, at.left]) f.get(local);
  f.i32const(0).get(at.xStep).get(at.dyStep).call(panel);
  advance(f, at.b, width * tile.lane.bytes);
  advance(f, at.c, width * tile.lane.bytes);
  f.get(at.left).i32const(width).op("i32.sub").set(at.left);
  countDown(f, at.panels);
  f.end();
}
