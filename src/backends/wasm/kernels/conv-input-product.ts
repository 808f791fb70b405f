// tested by src/backends/wasm/kernels/conv.test.ts
import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import {
  addProduct,
  type ConvParts,
  emitPacking,
  entriesParameters,
  type Locals,
  packingParameters,
  paddingParameters,
  tablesParameters,
} from "./conv-parts.ts";
import { entryBytes } from "./conv-tile.ts";
import type { Tile } from "./matmul-tile.ts";
import { addLocals, advance, advanceBy, advanceByProduct, countDown } from "./pointer-steps.ts";

const parameters = [
  "dy",
  "w",
  "dx",
  "scratch",
  "from", // images
  "count",
  "dyImage", // bytes between images
  "dxImage",
  "dyGroup", // bytes between groups
  "dxGroup",
  "start", // in scratch, a table of the one run that starts where its row does
  ...packingParameters,
  ...tablesParameters,
  ...paddingParameters,
] as const;

/** The arguments of a scattered product, in order. */
export const inputProductParameters: readonly string[] = [...parameters, ...entriesParameters];

const locals = ["source", "target", "b", "c", "tapC", "tap", "group", "left", "panelB"] as const;

type At = Locals<(typeof parameters)[number] | (typeof locals)[number]>;

/**
 * Emits dx[image, row + tap][c] = the sum over taps and f of dy[image, row][f] w[tap, c][f], tap by tap: each adds a
 * product to the places that it reaches, so that nothing is multiplied by the zeros between strides and at borders.
 */
export function addInputProduct(module: ModuleBuilder, tile: Tile, parts: ConvParts, name: string): void {
  const { f, at: given } = addProduct(module, parameters, parts.tables, name);
  const at = { ...given, ...addLocals(f, locals) };
  advanceBy(f, at.start, at.scratch);
  f.get(at.start).i32const(0).i32const(entryBytes).op("memory.fill");
  emitPacking(f, at, parts.pack.rows);
  advanceByProduct(f, at.dy, at.from, at.dyImage);
  advanceByProduct(f, at.dx, at.from, at.dxImage);
  f.loop();
  // Where taps reach beyond the borders, dx is computed with them in scratch.
  f.get(at.padded).get(at.dx).get(at.paddedBytes).select().tee(at.target).i32const(0);
  f.get(at.paddedBytes).get(at.dxImage).get(at.paddedBytes).select().op("memory.fill");
  f.get(at.dy).set(at.source).get(at.packed).set(at.b).get(at.groups).set(at.group).loop();
  emitPanels(f, tile, at, parts.panel);
  advanceBy(f, at.source, at.dyGroup);
  advanceBy(f, at.target, at.dxGroup);
  advanceByProduct(f, at.b, at.taps, at.packedRun);
  countDown(f, at.group);
  f.end();
  f.get(at.paddedBytes).if_();
  f.get(at.padded).get(at.padStart).op("i32.add").get(at.dx).get(at.pictureRows).get(at.pictureRow);
  f.get(at.padRow).get(at.pictureRow).call(parts.copy).end();
  advanceBy(f, at.dy, at.dyImage);
  advanceBy(f, at.dx, at.dxImage);
  countDown(f, at.count);
  f.end();
}

// Within a panel tap after tap: the sums that one leaves are the next one's first values.
function emitPanels(f: FunctionBuilder, tile: Tile, at: At, panel: number): void {
  const width = tile.vectors * tile.lane.lanes;
  f.get(at.columns).set(at.left).get(at.target).set(at.c).get(at.b).set(at.panelB).loop();
  f.get(at.runs).set(at.tap).loop();
  f.get(at.source).get(at.panelB).get(at.tap).load("i32.load", 4).op("i32.add");
  f.get(at.c).get(at.tap).load("i32.load").op("i32.add").tee(at.tapC).get(at.tapC).i32const(-1);
  f.get(at.rows).get(at.tiles).get(at.start).get(at.start).i32const(entryBytes).op("i32.add").get(at.k);
  f.get(at.left).i32const(0).call(panel);
  f.get(at.tap).i32const(entryBytes).op("i32.add").tee(at.tap).get(at.runsEnd).op("i32.ne").br_if(0).end();
  advanceBy(f, at.panelB, at.packedPanel);
  advance(f, at.c, width * tile.lane.bytes);
  f.get(at.left).i32const(width).op("i32.sub").tee(at.left).i32const(0).op("i32.gt_s").br_if(0).end();
}
