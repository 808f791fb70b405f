import type { FunctionBuilder } from "../assembler/function-builder.ts";
import type { ModuleBuilder } from "../assembler/module-builder.ts";
import type { LaneType, MultiplyAdd } from "./lane-type.ts";
import { vectorBytes } from "./lane-type.ts";
import { addFunction, advance, advanceBy, advanceByProduct, countDown } from "./pointer-steps.ts";

const stepsAtOnce = 4;

/**
 * (a, b, c, init, n, k, bStep): one row of A times B[k][n], whose rows are bStep apart, as c = init, then c[j] += a[k] b[k][j] for one
 * k after another. It reads B once, as it lies, and keeps c in the first-level cache.
 * Returns the function's index.
 */
export function addRowProduct(module: ModuleBuilder, lane: LaneType, multiplyAdd: MultiplyAdd): number {
  const many = addPasses(module, lane, multiplyAdd, stepsAtOnce);
  const single = addPasses(module, lane, multiplyAdd, 1);
  const { f, at } = addFunction(module, ["a", "b", "c", "init", "n", "k", "bStep"]);
  const { a, b, c, n, k, bStep } = at;
  const count = f.local("i32");
  emitStart(f, lane, at);
  f.get(k).i32const(Math.log2(stepsAtOnce)).op("i32.shr_u").set(count);
  f.get(a).get(b).get(c).get(n).get(count).get(bStep).call(many);
  f.get(count).i32const(stepsAtOnce).op("i32.mul").tee(count);
  f.i32const(lane.bytes).op("i32.mul").get(a).op("i32.add").set(a);
  advanceByProduct(f, b, count, bStep);
  f.get(a).get(b).get(c).get(n).get(k).get(count).op("i32.sub").get(bStep).call(single);
  return f.index;
}

function emitStart(f: FunctionBuilder, lane: LaneType, at: { c: number; init: number; n: number }): void {
  f.get(at.init).if_();
  f.get(at.c).get(at.init).get(at.n).i32const(lane.bytes).op("i32.mul").op("memory.copy");
  f.else_();
  f.get(at.c).i32const(0).get(at.n).i32const(lane.bytes).op("i32.mul").op("memory.fill");
  f.end();
}

/** (a, b, c, n, passes, bStep): each pass adds `ks` ks to every column, in order. */
function addPasses(module: ModuleBuilder, lane: LaneType, multiplyAdd: MultiplyAdd, ks: number): number {
  const { f, at: given } = addFunction(module, ["a", "b", "c", "n", "passes", "bStep"]);
  const { a, b, c, n, passes, bStep } = given;
  const at: PassLocals = {
    rows: Array.from({ length: ks }, () => f.local("i32")),
    factors: Array.from({ length: ks }, () => f.local("v128")),
    target: f.local("i32"),
    count: f.local("i32"),
    value: f.local("v128"),
    sum: f.local("v128"),
  };
  f.get(passes).op("i32.eqz").if_().return_().end().loop();
  at.rows.forEach((row, i) => {
    f.get(b).set(row);
    advanceBy(f, b, bStep);
    f.get(a)
      .load(lane.loadSplat, i * lane.bytes)
      .set(at.factors[i]);
  });
  f.get(c).set(at.target);
  f.get(n).i32const(Math.log2(lane.lanes)).op("i32.shr_u").set(at.count);
  emitColumns(f, lane, multiplyAdd, at, true);
  f.get(n)
    .i32const(lane.lanes - 1)
    .op("i32.and")
    .set(at.count);
  emitColumns(f, lane, multiplyAdd, at, false);
  advance(f, a, ks * lane.bytes);
  countDown(f, passes);
  f.end();
  return f.index;
}

interface PassLocals {
  rows: number[];
  factors: number[];
  target: number;
  count: number;
  value: number;
  sum: number;
}

// `count` vectors of columns, or single columns by the same instructions on a splat.
function emitColumns(
  f: FunctionBuilder,
  lane: LaneType,
  multiplyAdd: MultiplyAdd,
  at: PassLocals,
  whole: boolean,
): void {
  const load = whole ? "v128.load" : lane.loadSplat;
  const step = whole ? vectorBytes : lane.bytes;
  f.block().get(at.count).op("i32.eqz").br_if(0).loop();
  f.get(at.target).load(load).set(at.sum);
  at.rows.forEach((row, i) => {
    f.get(row).load(load).set(at.value);
    multiplyAdd(f, lane, at.sum, at.factors[i], at.value);
    advance(f, row, step);
  });
  f.get(at.target).get(at.sum);
  if (whole) f.store("v128.store");
  else f.storeLane(lane.storeLane, 0, 0);
  advance(f, at.target, step);
  countDown(f, at.count);
  f.end().end();
}
