import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import type { LaneType, MajorOrder } from "./lane-type.ts";
import { vectorBytes } from "./lane-type.ts";
import { emitTranspose, setRowPointers } from "./matmul-transpose.ts";
import { addFunction, advance, advanceBy, countDown, emitByWidth } from "./pointer-steps.ts";

/** Pushes k rounded up to whole vectors: the length of a packed panel. */
export function pushPaddedSteps(f: FunctionBuilder, lane: LaneType, k: number): void {
  f.get(k)
    .i32const(lane.lanes - 1)
    .op("i32.add")
    .i32const(-lane.lanes)
    .op("i32.and");
}

/**
 * (src, dst, k, columns, srcStep): lays columns out in panels[column / width][k][width], so that a
 * tile kernel reads one contiguous run. The source holds k after k of whole rows (order "k") or
 * column after column of ks ("rows": whole vectors wide), `srcStep` apart. Whole vectors are written, up to 8 bytes
 * past the last panel. Returns the function's index.
 */
export function addPackPanels(module: ModuleBuilder, lane: LaneType, width: number, order: MajorOrder): number {
  const add = order === "k" ? copiedPanel : transposedPanel;
  const emitPanel = add(module, lane, width);
  const { f, at } = addFunction(module, panelParameters);
  const dstPanel = f.local("i32");
  f.get(at.k).op("i32.eqz").if_().return_().end();
  pushPaddedSteps(f, lane, at.k);
  f.i32const(width * lane.bytes)
    .op("i32.mul")
    .set(dstPanel)
    .loop();
  emitPanel(f, at);
  advanceBy(f, at.dst, dstPanel);
  f.get(at.columns).i32const(width).op("i32.sub").tee(at.columns).i32const(0).op("i32.gt_s");
  f.br_if(0).end();
  return f.index;
}

const panelParameters = ["src", "dst", "k", "columns", "srcStep"] as const;
type PanelLocals = Record<(typeof panelParameters)[number], number>;

type EmitPanel = (f: FunctionBuilder, at: PanelLocals) => void;

function copiedPanel(module: ModuleBuilder, lane: LaneType, width: number): EmitPanel {
  const bytes = width * lane.bytes;
  const vectors = Math.ceil(width / lane.lanes);
  const copies = Array.from({ length: vectors }, (_, v) => addPackCopy(module, v + 1));
  return (f, at) => {
    emitByWidth(f, lane, vectors, at.columns, (filled) => {
      f.get(at.src)
        .get(at.dst)
        .get(at.k)
        .get(at.srcStep)
        .i32const(bytes)
        .call(copies[filled - 1]);
    });
    advance(f, at.src, bytes);
  };
}

function transposedPanel(module: ModuleBuilder, lane: LaneType, width: number): EmitPanel {
  const vectors = width / lane.lanes;
  const strip = addPackTransposed(module, lane);
  return (f, at) => {
    for (let v = 0; v < vectors; v++) {
      const before = v * lane.lanes;
      f.get(at.columns).i32const(before).op("i32.gt_s").if_();
      f.get(at.src)
        .get(at.dst)
        .i32const(v * vectorBytes)
        .op("i32.add")
        .get(at.k)
        .get(at.srcStep);
      f.i32const(vectors * vectorBytes)
        .get(at.columns)
        .i32const(before)
        .op("i32.sub");
      f.call(strip).end();
      f.get(at.src).get(at.srcStep).i32const(lane.lanes).op("i32.mul").op("i32.add").set(at.src);
    }
  };
}

/** (src, dst, k, srcStep, dstStep): copies `vectors` vectors from each of k rows. k >= 1. */
function addPackCopy(module: ModuleBuilder, vectors: number): number {
  const { f, at } = addFunction(module, ["src", "dst", "k", "srcStep", "dstStep"]);
  f.loop();
  for (let v = 0; v < vectors; v++) {
    const offset = v * vectorBytes;
    f.get(at.dst).get(at.src).load("v128.load", offset).store("v128.store", offset);
  }
  advanceBy(f, at.src, at.srcStep);
  advanceBy(f, at.dst, at.dstStep);
  countDown(f, at.k);
  f.end();
  return f.index;
}

/**
 * (src, dst, k, srcStep, dstStep, rows): dst[k][row] = src[row][k] for one vector's width of rows,
 * by square blocks. Rows from `rows` on repeat the last one, so that nothing past it is read; the
 * ks are rounded up to whole blocks, in dst too. k >= 1.
 */
function addPackTransposed(module: ModuleBuilder, lane: LaneType): number {
  const { f, at } = addFunction(module, ["src", "dst", "k", "srcStep", "dstStep", "rows"]);
  const pointers = [at.src, ...Array.from({ length: lane.lanes - 1 }, () => f.local("i32"))];
  const loaded = pointers.map(() => f.local("v128"));
  setRowPointers(f, pointers, at.srcStep, at.rows);
  f.loop();
  pointers.forEach((pointer, i) => {
    f.get(pointer).load("v128.load").set(loaded[i]);
    advance(f, pointer, vectorBytes);
  });
  emitTranspose(f, loaded);
  for (const column of loaded) {
    f.get(at.dst).get(column).store("v128.store");
    advanceBy(f, at.dst, at.dstStep);
  }
  f.get(at.k).i32const(lane.lanes).op("i32.sub").tee(at.k).i32const(0).op("i32.gt_s").br_if(0).end();
  return f.index;
}
