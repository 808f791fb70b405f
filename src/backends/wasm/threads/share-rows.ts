// tested by src/backends/wasm/threads/share-rows.test.ts
import { BYTES, type DType } from "../../../core/dtype.ts";
import type { Kernel } from "../../../graph/passes/kernel.ts";
import { type LoopId, type Place, rootOf } from "../../../graph/passes/plan-memory.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import type { Call, KernelCall, LoopCall, PartedCall } from "../call.ts";
import { Driver, type Jobs } from "../driver.ts";
import type { Argument } from "../emit-loops.ts";
import { parameterAt } from "../kernels/matmul.ts";
import type { Access, Lowered } from "../lower-kernel.ts";
import type { Step } from "../step.ts";
import { countParts, type Division } from "./division.ts";

/** Nanoseconds that a loop must take before it is shared. */
const WORTH = 20_000;
/** Parts begin at whole tiles of the products. */
const TILE = 4;

/** The base of a number that grows with the rows: a place behind address 0. */
const NOWHERE = -1;
const NO_JOBS: Jobs = { calls: [], run: -1, walk: -1 };

/** A loop whose calls name bases by number, the loop's own scratch space first. */
export interface RowLoop {
  readonly call: LoopCall;
  readonly scratchBytes: number;
  readonly bases: number;
  /** The kernels of its steps. */
  readonly kernels: ReadonlyMap<Step, Kernel>;
  /** Whether a stored tensor changes from round to round. */
  readonly varies: (root: Tensor) => boolean;
}

/** The call, given where its bases lie, without the walks of this loop. */
export type SharedLoop = (bases: readonly Place[]) => PartedCall;

/**
 * The loop as one call that threads share, where its rows need nothing of each other: each thread walks through all
 * rounds with rows of its own, and with scratch space of its own, so that they meet once, at the end. Null where rows
 * are not to be told apart, or not worth it.
 */
export function shareRows(loop: RowLoop, rows: number, threads: number): SharedLoop | null {
  const { call, scratchBytes, bases } = loop;
  const division: Division = {
    cost: Number(call.rounds) * costOf(call.calls),
    units: rows,
    step: TILE,
    scratch: [0],
    cuts: { inputs: [], outputs: [] },
    part: (args, from, to) => [...args.slice(0, bases), from, to - from],
  };
  const parts = division.cost < WORTH ? 1 : Math.min(countParts(division, threads), threads);
  const part: Part = { rows, from: {}, count: {} };
  const calls = parts < 2 ? null : new RowCalls(loop, part).all(call.calls);
  if (calls === null) return null;
  const step: Step = {
    key: `loop ${made++}`,
    params: new Array(bases + 2).fill("i32"),
    emit: (fn, functions) => {
      const own = new Map(Array.from({ length: bases }, (_, base) => [base, base]));
      own.set(NOWHERE, fn.local("i32"));
      const given = new Map([
        [part.from, bases],
        [part.count, bases + 1],
      ]);
      new Driver(fn, functions, NO_JOBS, own, given).emit([{ ...call, calls }]);
    },
    scratchBytes,
    args: () => [],
  };
  const parting = { division, parts, scratchBytes };
  return (places) => ({ kind: "kernel", step, args: [...places, 0, rows], parting });
}

/** Loops have code of their own, each. */
let made = 0;

function costOf(calls: readonly Call[]): number {
  return calls.reduce(
    (sum, call) => sum + (call.kind === "kernel" ? (call.step.divide?.(true).at(-1)?.cost ?? 0) : 0),
    0,
  );
}

/** Rows from..from+count-1 of so many: both are known when the loop begins, as if they were rounds of loops. */
interface Part {
  readonly rows: number;
  readonly from: LoopId;
  readonly count: LoopId;
}

/** How a kernel's call computes a part of the rows: by argument, what it grows by with each row. */
interface RowStep {
  /** What begins further on. */
  readonly from: ReadonlyMap<number, number>;
  /** What counts. */
  readonly count: ReadonlyMap<number, number>;
  /** By input: whether a row reads nothing but its own share of it. */
  readonly own: readonly boolean[];
}

class RowCalls {
  readonly #loop: RowLoop;
  readonly #part: Part;

  constructor(loop: RowLoop, part: Part) {
    this.#loop = loop;
    this.#part = part;
  }

  all(calls: readonly Call[]): Call[] | null {
    const own = calls.map((call) => this.#call(call));
    return own.includes(null) ? null : (own as Call[]);
  }

  #call(call: Call): Call | null {
    const { rows } = this.#part;
    if (call.kind === "kernel") return this.#kernel(call);
    if (call.kind === "copy") return this.#copy(call, Number(call.bytes) / rows, []);
    if (call.kind === "branch") return null;
    // Runs side by side: the rounds are rows, or pieces of them.
    const rounds = Number(call.rounds) / rows;
    const calls = call.calls.map((inner) =>
      inner.kind === "copy" && Number.isInteger(rounds) ? this.#copy(inner, 0, [call.loop, rounds]) : null,
    );
    return calls.includes(null) ? null : { ...call, rounds: this.#counted(rounds), calls: calls as Call[] };
  }

  #copy(call: Call & { kind: "copy" }, bytes: number, inner: readonly [LoopId, number] | readonly []): Call | null {
    if (!Number.isInteger(bytes)) return null;
    const [loop, rounds = 0] = inner;
    const place = (at: Place): Place => {
      const walked = at.walks?.find((walk) => walk.loop === loop)?.bytes ?? 0;
      return this.#moved(at, bytes + rounds * walked) as Place;
    };
    const length = inner.length === 0 ? this.#counted(bytes) : call.bytes;
    return { ...call, from: place(call.from), to: place(call.to), bytes: length };
  }

  #kernel(call: KernelCall): Call | null {
    const { kernels, varies } = this.#loop;
    const kernel = kernels.get(call.step);
    const row = kernel === undefined ? null : rowStepOf(call, kernel, this.#part.rows);
    if (kernel === undefined || row === null) return null;
    if (kernel.inputs.some((x, i) => !row.own[i] && varies(rootOf(x)))) return null;
    const args = call.args.map((arg, at) =>
      row.count.has(at) ? this.#counted(row.count.get(at) as number) : this.#moved(arg, row.from.get(at) ?? 0),
    );
    return { ...call, args };
  }

  #counted(each: number): Place {
    return { base: NOWHERE, offset: 0, walks: [{ loop: this.#part.count, bytes: each }] };
  }

  #moved(arg: Argument, each: number): Argument {
    if (each === 0) return arg;
    const at = typeof arg === "number" ? { base: NOWHERE, offset: arg } : arg;
    return { ...at, walks: [...(at.walks ?? []), { loop: this.#part.from, bytes: each }] };
  }
}

function rowStepOf(call: KernelCall, kernel: Kernel, rows: number): RowStep | null {
  if (kernel.outputs.some((y) => y.size % rows !== 0)) return null;
  if (call.step.lowered !== undefined) return loopRows(call.step.lowered, kernel, rows);
  const isProduct = kernel.kind === "op" && call.step.key.startsWith("matmul");
  return isProduct ? productRows(call, kernel, rows) : null;
}

/** Loops over outputs have those of the first axis outermost. */
function loopRows({ dims, accesses }: Lowered, { inputs, outputs }: Kernel, rows: number): RowStep | null {
  const steps = dims[0] / rows;
  if (!Number.isInteger(steps)) return null;
  const from = new Map<number, number>();
  const start = (access: number): number => dims.length + access * (1 + dims.length);
  accesses.forEach(({ kind, dtype, strides }, a) => {
    from.set(start(a), steps * strides[0] * (kind === "load" ? BYTES[dtype] : 1));
  });
  outputs.forEach((y, o) => {
    from.set(start(accesses.length) + o, (y.size / rows) * BYTES[y.dtype as DType]);
  });
  const inner = [steps, ...dims.slice(1)];
  const own = inputs.map((x, input) =>
    accesses.every((a) => a.kind !== "load" || a.input !== input || staysInRow(a, inner, x.size / rows)),
  );
  return { from, count: new Map([[0, steps]]), own };
}

/** Whether row r is read at r * size .. (r + 1) * size - 1, as far as the loops inside go. */
function staysInRow({ strides, offset, based }: Access, dims: readonly number[], size: number): boolean {
  if (based || dims[0] * strides[0] !== size) return false;
  const ends = dims.map((n, d) => (n - 1) * strides[d]);
  const low = offset + ends.reduce((sum, end) => sum + Math.min(end, 0), 0);
  return low >= 0 && offset + ends.reduce((sum, end) => sum + Math.max(end, 0), 0) < size;
}

/** Rows of A and C, or items of a batch. */
function productRows({ args, step }: KernelCall, kernel: Kernel, rows: number): RowStep | null {
  const number = (name: Parameters<typeof parameterAt>[0]): number => Number(args[parameterAt(name)]);
  const isBatch = number("batch") > 1;
  const name = isBatch ? "batch" : "m";
  const each = number(name) / rows;
  if (!Number.isInteger(each)) return null;
  const transposed = step.key.endsWith("tn") || step.key.endsWith("tt");
  const moves = isBatch
    ? { a: number("strideA"), b: number("strideB"), c: number("strideC") }
    : { a: transposed ? BYTES[kernel.outputs[0].dtype as DType] : number("lineA"), b: 0, c: number("lineC") };
  return {
    from: new Map((["a", "b", "c"] as const).map((operand) => [parameterAt(operand), each * moves[operand]])),
    count: new Map([[parameterAt(name), each]]),
    own: [isBatch || !transposed, isBatch, false],
  };
}
