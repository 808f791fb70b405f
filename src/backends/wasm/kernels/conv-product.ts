// tested by src/backends/wasm/kernels/conv.test.ts
import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import {
  addProduct,
  type ConvParts,
  emitBorders,
  emitPacking,
  emitPadded,
  type Locals,
  packingParameters,
  paddingParameters,
  tablesParameters,
} from "./conv-parts.ts";
import { tableParameters, windowNumbers } from "./conv-tables.ts";
import { windowTiles } from "./conv-tile.ts";
import type { Tile } from "./matmul-tile.ts";
import { addLocals, advance, advanceBy, advanceByProduct, countDown } from "./pointer-steps.ts";

const parameters = [
  "x",
  "w",
  "bias", // 0 for none
  "y",
  "scratch",
  "from", // images
  "count",
  "relu", // 1: y passes it on its way out
  "xImage", // bytes between images
  "yImage",
  "xGroup", // bytes between groups
  "yGroup",
  ...packingParameters,
  ...tablesParameters,
  ...paddingParameters,
] as const;

/** What becomes of the sums: y; the greatest of each window; or that, and where in the window it was. */
export type ConvEnding = "store" | "pool" | "record";

function parametersFor(ending: ConvEnding): string[] {
  const own = ending === "store" ? [] : ending === "pool" ? [windowTiles] : [windowTiles, "record"];
  return [...own, ...parameters];
}

/** The arguments of a gathered product, in order: operands, results and scratch are places. */
export function productParameters(ending: ConvEnding): string[] {
  const rows = ending === "store" ? tableParameters("row") : tableParameters("row", windowNumbers);
  return [...parametersFor(ending), ...rows, ...tableParameters("run")];
}

const locals = ["source", "target", "start", "b", "group", "left", "panelB", "panelC", "panelInit"] as const;

type At = Locals<(typeof parameters)[number] | (typeof locals)[number]> & Partial<Locals<"windowTiles" | "record">>;

/**
 * Emits y[image, row][f] = bias[f] + the sum over runs and k of x[image, row + run + k] w[run, k][f], group by group:
 * the kernel is packed into panels once, and a picture padded just before it is read.
 */
export function addConvProduct(
  module: ModuleBuilder,
  tile: Tile,
  parts: Pick<ConvParts, "panel" | "tables" | "copy"> & { readonly pack: { readonly k: number } },
  name: string,
  ending: ConvEnding = "store",
): void {
  const { f, at: given } = addProduct(module, parametersFor(ending), parts.tables, name);
  const at = { ...given, ...addLocals(f, locals) } as At;
  // Behind y, wherever that gets to.
  if (at.record !== undefined) f.get(at.record).get(at.y).op("i32.sub").set(at.record);
  emitPacking(f, at, parts.pack.k);
  emitBorders(f, at);
  advanceByProduct(f, at.x, at.from, at.xImage);
  advanceByProduct(f, at.y, at.from, at.yImage);
  f.loop();
  emitPadded(f, at, { picture: at.x, target: at.source, copy: parts.copy });
  f.get(at.y).set(at.target).get(at.bias).set(at.start).get(at.packed).set(at.b);
  f.get(at.groups).set(at.group).loop();
  emitPanels(f, tile, at, parts.panel);
  advanceBy(f, at.source, at.xGroup);
  advanceBy(f, at.target, at.yGroup);
  advanceByProduct(f, at.b, at.taps, at.packedRun);
  f.get(at.start).if_();
  advanceBy(f, at.start, at.yGroup);
  f.end();
  countDown(f, at.group);
  f.end();
  advanceBy(f, at.x, at.xImage);
  advanceBy(f, at.y, at.yImage);
  countDown(f, at.count);
  f.end();
}

// One panel of the kernel after the other: it stays in the first-level cache while the picture's tiles stream by.
function emitPanels(f: FunctionBuilder, tile: Tile, at: At, panel: number): void {
  const width = tile.vectors * tile.lane.lanes;
  f.get(at.columns).set(at.left).get(at.b).set(at.panelB);
  f.get(at.target).set(at.panelC).get(at.start).set(at.panelInit).loop();
  for (const local of [at.source, at.panelB, at.panelC, at.panelInit]) f.get(local);
  f.i32const(0);
  for (const local of [at.rows, at.tiles, at.runs, at.runsEnd, at.k]) f.get(local);
  f.get(at.left).get(at.relu);
  for (const local of [at.windowTiles, at.record]) if (local !== undefined) f.get(local);
  f.call(panel);
  advanceBy(f, at.panelB, at.packedPanel);
  advance(f, at.panelC, width * tile.lane.bytes);
  f.get(at.panelInit).if_();
  advance(f, at.panelInit, width * tile.lane.bytes);
  f.end();
  f.get(at.left).i32const(width).op("i32.sub").tee(at.left).i32const(0).op("i32.gt_s").br_if(0).end();
}
