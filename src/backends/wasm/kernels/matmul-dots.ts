import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import { type LaneType, type MultiplyAdd, vectorBytes } from "./lane-type.ts";
import { emitTranspose, setRowPointers } from "./matmul-transpose.ts";
import { addFunction, addLocals, advance, countDown } from "./pointer-steps.ts";

// Vectors of sums at once: enough to hide an addition's latency, and their rows no more than a
// cache set has ways (rows of 4 kB fall on the same sets).
const groups = 2;

const parameters = ["rows", "vector", "c", "init", "initStep", "count", "k"] as const;
const locals = ["rowStep", "x", "left"] as const;

interface Dots {
  f: FunctionBuilder;
  lane: LaneType;
  multiplyAdd: MultiplyAdd;
  at: Record<(typeof parameters)[number] | (typeof locals)[number], number>;
  /** One pointer a row; one vector of sums a group of rows. */
  pointers: number[];
  sums: number[];
  block: number[];
  factor: number;
}

/**
 * (rows, vector, c, init, initStep, count, k): c[i] = init[i] + rows[i][0] vector[0] + ..., left to
 * right, for `count` >= 1 dense rows of k. Square blocks are transposed in registers, so that each
 * lane sums a row of its own in that order. initStep is one element, or 0 to start all from init[0].
 * Returns the function's index.
 */
export function addDots(module: ModuleBuilder, lane: LaneType, multiplyAdd: MultiplyAdd): number {
  const { f, at: given } = addFunction(module, parameters);
  const several = (count: number, type: "i32" | "v128") => Array.from({ length: count }, () => f.local(type));
  const at = { ...given, ...addLocals(f, locals) };
  const rowsAtOnce = groups * lane.lanes;
  const pointers = several(rowsAtOnce, "i32");
  const [factor, ...block] = several(1 + lane.lanes, "v128");
  const dots: Dots = { f, lane, multiplyAdd, at, pointers, sums: several(groups, "v128"), block, factor };
  f.get(at.k).i32const(lane.bytes).op("i32.mul").set(at.rowStep).loop();
  f.get(at.rows).set(pointers[0]).get(at.vector).set(at.x);
  setRowPointers(f, pointers, at.rowStep, at.count);
  emitInit(dots);
  f.get(at.k).i32const(Math.log2(lane.lanes)).op("i32.shr_u");
  emitSteps(dots, lane.lanes, emitBlock);
  f.get(at.k)
    .i32const(lane.lanes - 1)
    .op("i32.and");
  emitSteps(dots, 1, emitSingle);
  emitStores(dots);
  f.get(at.rows).get(at.rowStep).i32const(rowsAtOnce).op("i32.mul").op("i32.add").set(at.rows);
  // 0 stands for zeros and stays 0.
  f.get(at.init).if_();
  f.get(at.init).get(at.initStep).i32const(rowsAtOnce).op("i32.mul").op("i32.add").set(at.init);
  f.end();
  advance(f, at.c, groups * vectorBytes);
  f.get(at.count).i32const(rowsAtOnce).op("i32.sub").tee(at.count).i32const(0).op("i32.gt_s").br_if(0).end();
  return f.index;
}

function emitInit({ f, lane, at, sums }: Dots): void {
  sums.forEach((sum, g) => {
    f.get(at.init).op("i32.eqz").if_().f32x4const(0).set(sum);
    f.else_().get(at.initStep).op("i32.eqz").if_().get(at.init).load(lane.loadSplat).set(sum);
    // A group without rows starts from what is there: reading init past its end might leave the memory.
    f.else_()
      .get(at.count)
      .i32const(g * lane.lanes)
      .op("i32.gt_s")
      .if_();
    f.get(at.init)
      .load("v128.load", g * vectorBytes)
      .set(sum)
      .end()
      .end()
      .end();
  });
}

/** Repeats a step of `ks` ks as often as the stack's top says. */
function emitSteps(dots: Dots, ks: number, emitStep: (dots: Dots) => void): void {
  const { f, lane, at, pointers } = dots;
  f.set(at.left).block().get(at.left).op("i32.eqz").br_if(0).loop();
  emitStep(dots);
  for (const pointer of [at.x, ...pointers]) advance(f, pointer, ks * lane.bytes);
  countDown(f, at.left);
  f.end().end();
}

function emitBlock({ f, lane, multiplyAdd, at, pointers, sums, block, factor }: Dots): void {
  sums.forEach((sum, g) => {
    block.forEach((row, i) => {
      f.get(pointers[g * lane.lanes + i])
        .load("v128.load")
        .set(row);
    });
    emitTranspose(f, block);
    block.forEach((column, i) => {
      f.get(at.x)
        .load(lane.loadSplat, i * lane.bytes)
        .set(factor);
      multiplyAdd(f, lane, sum, column, factor);
    });
  });
}

function emitSingle({ f, lane, multiplyAdd, at, pointers, sums, block, factor }: Dots): void {
  f.get(at.x).load(lane.loadSplat).set(factor);
  const [column] = block;
  sums.forEach((sum, g) => {
    for (let i = 0; i < lane.lanes; i++) {
      f.get(pointers[g * lane.lanes + i])
        .get(column)
        .loadLane(lane.loadLane, 0, i)
        .set(column);
    }
    multiplyAdd(f, lane, sum, column, factor);
  });
}

function emitStores({ f, lane, at, sums }: Dots): void {
  sums.forEach((sum, g) => {
    const before = g * lane.lanes;
    f.get(at.count)
      .i32const(before + lane.lanes)
      .op("i32.ge_s")
      .if_();
    f.get(at.c)
      .get(sum)
      .store("v128.store", g * vectorBytes)
      .else_();
    for (let i = 0; i < lane.lanes - 1; i++) {
      f.get(at.count)
        .i32const(before + i)
        .op("i32.gt_s")
        .if_();
      f.get(at.c)
        .get(sum)
        .storeLane(lane.storeLane, g * vectorBytes + i * lane.bytes, i)
        .end();
    }
    f.end();
  });
}
