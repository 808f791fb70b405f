import { BYTES, type DType } from "../../../core/dtype.ts";
import { sizeOf } from "../../../core/shape.ts";
import type { Argument } from "../emit-loops.ts";
import type { LoweredRows } from "../emit-rows.ts";
import type { Access, Lowered } from "../lower-kernel.ts";
import type { Step } from "../step.ts";
import { type Cut, type Division, EVERYTHING, moved } from "./division.ts";

/** How many lanes a loop runs in. It is handed in, so that this module, which pages load late, imports none of theirs. */
export type CountLanes = (lowered: Lowered, loop: number) => number;

/** Nanoseconds that an instruction takes, loads included, in vectors of four (0.05 to 0.09 a lane were measured). */
const COST = 0.25;
/** Elements on a cache line, for the smallest dtype. */
const LINE = 64;

/** Elements of a row's part: a cache line of the usual dtypes, as products have it. */
const COLUMNS = 16;
/**
 * Bytes of a row up to which columns are offered: processors fetch ahead along a row, past a part's end, what another
 * one is about to write. Of longer rows that is so much that the parts may take as long as the whole.
 */
const SHORT_ROW = 1024;
/** Nanoseconds to begin a part of a row. */
const ROW = 10;
/** Work from which it is worth to look at a second way. */
const LARGE = 5_000;

/** How a map that costs enough is parted by columns, and what for: lowered with the last axis as a loop of its own. */
export interface ByColumns {
  readonly columns: number;
  lower(): { readonly lowered: Lowered; readonly step: Step };
}

/** A map is parted along its first loop, or, where that is asked for, by columns. */
export function divideMap(
  lowered: Lowered,
  outputs: readonly DType[],
  lanes: CountLanes,
  by: ByColumns | null,
): Division[] {
  const [, ...inner] = lowered.dims;
  const cost = costOf(lowered, lanes(lowered, lowered.dims.length - 1));
  const runs = divideLoop(lowered, 0, cost, outputs.map((dtype) => sizeOf(inner) * BYTES[dtype])); // biome-ignore format: one
  if (by === null || cost < LARGE) return [runs];
  const isShort = by.columns * Math.max(...outputs.map((dtype) => BYTES[dtype])) <= SHORT_ROW;
  return isShort ? [divideColumns(by.lower(), outputs, cost), runs] : [runs];
}

/** The last argument is how many columns a part leaves out. */
function divideColumns(
  { lowered, step }: ReturnType<ByColumns["lower"]>,
  outputs: readonly DType[],
  cost: number,
): Division {
  const last = lowered.dims.length - 1;
  const bytes = outputs.map((dtype) => BYTES[dtype]);
  const columns = divideLoop(lowered, last, cost, bytes, [], COLUMNS);
  return {
    ...columns,
    by: step,
    overhead: sizeOf(lowered.dims.slice(0, last)) * ROW,
    part(args, from, to) {
      const own = columns.part(args, from, to);
      own[own.length - 1] = lowered.dims[last] - (to - from);
      return own;
    },
  };
}

/** A vector reduction is parted by its outputs: along the first loop, or, where there is only one before, the last. */
export function divideReduce(lowered: Lowered, dtype: DType, lanes: CountLanes): Division {
  const { dims } = lowered;
  const last = dims.length - 1;
  const post = dims[last];
  const cost = costOf(lowered, lanes(lowered, post === 1 ? last - 1 : last));
  if (sizeOf(dims.slice(0, last - 1)) === 1) return divideLoop(lowered, last, cost, [BYTES[dtype]]);
  return divideLoop(lowered, 0, cost, [sizeOf(dims.slice(1, last - 1)) * post * BYTES[dtype]]);
}

/** Loops over outputs, in vectors along the last of them or one by one, with a reduction inside; parted along the first. */
export function divideOutputs(lowered: Lowered, dtype: DType, lanes: CountLanes | null): Division {
  const outputs = lowered.segments[0];
  const inner = lowered.dims.slice(1, outputs);
  const step = lanes !== null && outputs === 1 ? LINE : 1;
  return divideLoop(
    lowered,
    0,
    costOf(lowered, lanes?.(lowered, outputs - 1) ?? 1),
    [sizeOf(inner) * BYTES[dtype]],
    [],
    step,
  );
}

/** Rows are parted along the first loop; what is kept of a row lies in scratch space, as do results of reductions. */
export function divideRows(
  { passes, tail }: LoweredRows,
  outputs: readonly DType[],
  lanes: CountLanes,
  inputs: number,
): Division {
  const { lowered } = tail;
  const { dims, accesses } = lowered;
  const last = dims.length - 1;
  const rows = sizeOf(dims.slice(1, last));
  const whole = new Set(passes.flatMap(({ stores }) => stores.filter((s) => !s.kept).map((s) => s.to)));
  const bytes = outputs.map((dtype, o) => rows * (whole.has(o) ? dims[last] : 1) * BYTES[dtype]);
  const cost = passes.reduce((sum, pass) => sum + costOf(pass.lowered, lanes(pass.lowered, last)), 0);
  const starts = accesses.map((_, a) => dims.length + a * (1 + dims.length));
  const firstOutput = dims.length + accesses.length * (1 + dims.length);
  const kept = starts.filter((_, a) => accesses[a].kind === "load" && accesses[a].input >= inputs);
  const own = passes.flatMap((pass) => [...pass.reductions, ...pass.stores.filter((s) => s.kept)]).map(({ to }) => to);
  return divideLoop(lowered, 0, cost, bytes, [...kept, ...new Set(own.map((to) => firstOutput + to))]);
}

function costOf({ dims, body }: Lowered, lanes: number): number {
  const instructions = body.code.filter((i) => i.kind !== "const").length + 1;
  return (sizeOf(dims) * instructions * COST) / lanes;
}

/** Parts one loop: its length, where accesses start, and where outputs go: `outputBytes` on a step of that loop. */
function divideLoop(
  { dims, accesses }: Lowered,
  loop: number,
  cost: number,
  outputBytes: readonly number[],
  scratch: readonly number[] = [],
  step: number = loop === dims.length - 1 ? LINE : 1,
): Division {
  const rank = dims.length;
  return {
    cost,
    units: dims[loop],
    step,
    scratch,
    cuts: { inputs: inputCuts(accesses, loop, dims[loop]), outputs: outputBytes.map((bytes) => bytes * dims[loop]) },
    part(args, from, to) {
      const own: Argument[] = [...args];
      own[loop] = to - from;
      for (let start = rank; start < rank + accesses.length * (1 + rank); start += 1 + rank) {
        own[start] = moved(args[start], from * Number(args[start + 1 + loop]));
      }
      outputBytes.forEach((bytes, o) => {
        const at = rank + accesses.length * (1 + rank) + o;
        own[at] = moved(args[at], from * bytes);
      });
      return own;
    },
  };
}

/** By input: what a step of the loop walks over, and everything where it stands still or goes where data say. */
function inputCuts(accesses: readonly Access[], loop: number, length: number): Cut[] {
  const cuts: Cut[] = [];
  for (const { kind, input, dtype, strides, based } of accesses) {
    if (kind !== "load") continue;
    const cut = based ? EVERYTHING : Math.abs(strides[loop]) * length * BYTES[dtype];
    cuts[input] = cuts[input] === undefined || cuts[input] === cut ? cut : EVERYTHING;
  }
  return cuts;
}
