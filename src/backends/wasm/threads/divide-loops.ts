import { BYTES, type DType } from "../../../core/dtype.ts";
import { sizeOf } from "../../../core/shape.ts";
import { lanesFor } from "../emit-code.ts";
import { type Argument, moved } from "../emit-loops.ts";
import { alongLast } from "../emit-reduce.ts";
import type { LoweredRows } from "../emit-rows.ts";
import type { Lowered } from "../lower-kernel.ts";
import type { Division } from "./division.ts";

/** Nanoseconds that an instruction takes, loads included, in vectors of four (0.05 to 0.09 a lane were measured). */
const COST = 0.25;
/** Elements on a cache line, for the smallest dtype. */
const LINE = 64;

/** A map is parted along its first loop. */
export function divideMap(lowered: Lowered, outputs: readonly DType[]): Division | null {
  const [, ...inner] = lowered.dims;
  const cost = costOf(lowered, lowered.dims.length - 1);
  return divideLoop(lowered, 0, cost, outputs.map((dtype) => sizeOf(inner) * BYTES[dtype])); // biome-ignore format: one
}

/** A vector reduction is parted by its outputs: along the first loop, or, where there is only one before, the last. */
export function divideReduce(lowered: Lowered, dtype: DType): Division | null {
  const { dims } = lowered;
  const last = dims.length - 1;
  const post = dims[last];
  const cost = costOf(lowered, alongLast(lowered) ? last - 1 : last);
  if (sizeOf(dims.slice(0, last - 1)) === 1) return divideLoop(lowered, last, cost, [BYTES[dtype]]);
  return divideLoop(lowered, 0, cost, [sizeOf(dims.slice(1, last - 1)) * post * BYTES[dtype]]);
}

/** Loops over outputs, in vectors along the last of them or one by one, with a reduction inside; parted along the first. */
export function divideOutputs(lowered: Lowered, dtype: DType, vectors: boolean): Division | null {
  const outputs = lowered.segments[0];
  const inner = lowered.dims.slice(1, outputs);
  const step = vectors && outputs === 1 ? LINE : 1;
  return divideLoop(
    lowered,
    0,
    costOf(lowered, vectors ? outputs - 1 : null),
    [sizeOf(inner) * BYTES[dtype]],
    [],
    step,
  );
}

/** Rows are parted along the first loop; what is kept of a row lies in scratch space, as do results of reductions. */
export function divideRows({ passes, tail }: LoweredRows, outputs: readonly DType[], inputs: number): Division | null {
  const { lowered } = tail;
  const { dims, accesses } = lowered;
  const last = dims.length - 1;
  const rows = sizeOf(dims.slice(1, last));
  const whole = new Set(passes.flatMap(({ stores }) => stores.filter((s) => !s.kept).map((s) => s.to)));
  const bytes = outputs.map((dtype, o) => rows * (whole.has(o) ? dims[last] : 1) * BYTES[dtype]);
  const cost = passes.reduce((sum, pass) => sum + costOf(pass.lowered, last), 0);
  const starts = accesses.map((_, a) => dims.length + a * (1 + dims.length));
  const firstOutput = dims.length + accesses.length * (1 + dims.length);
  const kept = starts.filter((_, a) => accesses[a].kind === "load" && accesses[a].input >= inputs);
  const own = passes.flatMap((pass) => [...pass.reductions, ...pass.stores.filter((s) => s.kept)]).map(({ to }) => to);
  return divideLoop(lowered, 0, cost, bytes, [...kept, ...new Set(own.map((to) => firstOutput + to))]);
}

function costOf(lowered: Lowered, inner: number | null): number {
  const { dims, body } = lowered;
  const lanes = inner === null ? 1 : lanesFor(lowered, inner).count;
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
): Division | null {
  const rank = dims.length;
  const reads = accesses.map(({ kind, dtype, strides }) =>
    kind === "load" ? sizeOf(dims.filter((_, d) => strides[d] !== 0)) * BYTES[dtype] : 0,
  );
  const writes = outputBytes.map((bytes) => bytes * dims[loop]);
  return {
    cost,
    bytes: [...reads, ...writes].reduce((a, b) => a + b, 0),
    units: dims[loop],
    step,
    scratch,
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
