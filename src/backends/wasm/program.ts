import type { LoopId } from "../../graph/passes/plan-memory.ts";
import type { Heap } from "../backend.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { ModuleBuilder } from "./assembler/module-builder.ts";
import { type Call, isParted, kernelCalls, type LoopCall, type PartedCall, placesIn } from "./call.ts";
import type { Argument } from "./emit-loops.ts";
import { addStep } from "./emitted-code.ts";
import { handMadeKernel, handMadeModule, type Kernel, moduleFor } from "./kernel-module.ts";
import { NATIVE } from "./kernel-profile.ts";
import type { Lowering } from "./lower-graph.ts";
import type { PartedProgram } from "./threads/pool.ts";
import { threading } from "./threads/threading.ts";

/** A module, and the keys of the kernels that have a function for one part, in that order. */
export interface EmittedProgram extends PartedProgram {
  readonly partKeys: readonly string[];
}

/**
 * Emits a whole graph as one module: each distinct loop kernel once, and a driver that calls them in order. The
 * driver takes the address of a table with the bases, so that one program serves any arena and any variables. A call
 * that threads share goes to the pool, by its number.
 */
export function emitProgram(heap: Heap, { parts, profile }: Lowering): EmittedProgram {
  const module = moduleFor(heap);
  const indices = new Map<string, number>();
  const calls = kernelCalls(parts.flat());
  const jobs = importJobs(module, calls.filter(isParted));
  for (const { step } of calls) {
    if (step.emit !== null || indices.has(step.key)) continue;
    indices.set(step.key, module.importFunction("kernels", step.key, [...step.params], []));
  }
  const handMadeKeys = jobs.calls.length === 0 ? [] : [...indices.keys()].filter((key) => !key.startsWith(NATIVE));
  for (const { step } of calls) {
    if (step.emit === null || indices.has(step.key)) continue;
    indices.set(step.key, addStep(module, step));
  }
  const partKeys = [...new Set(jobs.calls.map(({ step }) => step.key))];
  partKeys.forEach((key, at) => {
    const call = jobs.calls.find(({ step }) => step.key === key) as PartedCall;
    threading().addPartFunction(module, `part${at}`, indices.get(key) as number, call);
  });
  parts.forEach((part, number) => {
    new Driver(module.func(["i32"], [], `run${number}`), indices, jobs, part).emit(part);
  });
  const handMade = handMadeKeys.map((key) => handMadeModule(heap, profile, key));
  return { module: new WebAssembly.Module(module.bytes()), handMade, count: partKeys.length, partKeys };
}

/** Parted calls, and the functions that the driver calls for them. */
interface Jobs {
  readonly calls: readonly PartedCall[];
  readonly run: number;
  readonly walk: number;
}

function importJobs(module: ModuleBuilder, calls: readonly PartedCall[]): Jobs {
  if (calls.length === 0) return { calls, run: -1, walk: -1 };
  const run = module.importFunction("threads", "run", ["i32"], []);
  return { calls, run, walk: module.importFunction("threads", "walk", ["i32", "i32", "i32"], []) };
}

/** Emits calls in order; bases are loaded from the table at first. */
class Driver {
  readonly #fn: FunctionBuilder;
  readonly #indices: ReadonlyMap<string, number>;
  readonly #jobs: Jobs;
  readonly #bases = new Map<number, number>();
  /** The local that counts the rounds of a loop. */
  readonly #rounds = new Map<LoopId, number>();

  constructor(fn: FunctionBuilder, indices: ReadonlyMap<string, number>, jobs: Jobs, calls: readonly Call[]) {
    this.#fn = fn;
    this.#indices = indices;
    this.#jobs = jobs;
    for (const { base } of placesIn(calls)) {
      if (this.#bases.has(base)) continue;
      const local = fn.local("i32");
      this.#bases.set(base, local);
      fn.get(0)
        .load("i32.load", base * 4)
        .set(local);
    }
  }

  emit(calls: readonly Call[]): void {
    for (const call of calls) this.#call(call);
  }

  #call(call: Call): void {
    const fn = this.#fn;
    switch (call.kind) {
      case "kernel":
        if (isParted(call)) {
          this.#share(call);
          return;
        }
        for (const arg of call.args) this.#push(arg);
        fn.call(this.#indices.get(call.step.key) as number);
        return;
      case "copy":
        this.#push(call.to);
        this.#push(call.from);
        fn.i32const(call.bytes).op("memory.copy");
        return;
      case "loop":
        if (call.rounds > 0) this.#loop(call);
        return;
      case "branch":
        this.#push(call.test);
        fn.load("i32.load8_u").if_();
        this.emit(call.ifTrue);
        fn.else_();
        this.emit(call.ifFalse);
        fn.end();
    }
  }

  #share(call: PartedCall): void {
    const fn = this.#fn;
    const job = this.#jobs.calls.indexOf(call);
    call.args.forEach((arg, at) => {
      if (typeof arg === "number" || arg.walks === undefined) return;
      fn.i32const(job).i32const(at);
      this.#push(arg);
      fn.call(this.#jobs.walk);
    });
    fn.i32const(job).call(this.#jobs.run);
  }

  #loop({ loop, rounds, reverse, calls }: LoopCall): void {
    const fn = this.#fn;
    const round = fn.local("i32");
    this.#rounds.set(loop, round);
    fn.i32const(reverse ? rounds - 1 : 0)
      .set(round)
      .loop();
    this.emit(calls);
    fn.get(round)
      .i32const(reverse ? -1 : 1)
      .op("i32.add")
      .tee(round);
    fn.i32const(reverse ? 0 : rounds)
      .op(reverse ? "i32.ge_s" : "i32.lt_s")
      .br_if(0)
      .end();
  }

  #push(arg: Argument): void {
    const fn = this.#fn;
    if (typeof arg === "number") {
      fn.i32const(arg);
      return;
    }
    fn.get(this.#bases.get(arg.base) as number);
    if (arg.offset !== 0) fn.i32const(arg.offset).op("i32.add");
    for (const { loop, bytes } of arg.walks ?? []) {
      fn.get(this.#rounds.get(loop) as number)
        .i32const(bytes)
        .op("i32.mul")
        .op("i32.add");
    }
  }
}

/** The parts of an instance of a program on these bases. */
export function bindProgram(
  heap: Heap,
  program: EmittedProgram,
  { parts, profile }: Lowering,
  bases: readonly number[],
): (() => void)[] {
  const wanted = WebAssembly.Module.imports(program.module).filter(({ module }) => module === "kernels");
  const kernels: Record<string, Kernel> = {};
  for (const { name } of wanted) kernels[name] = handMadeKernel(heap, profile, name);
  const addressOf = (arg: Argument) => (typeof arg === "number" ? arg : bases[arg.base] + arg.offset);
  const parted = kernelCalls(parts.flat()).filter(isParted);
  const jobs = parted.length === 0 ? null : new (threading().ProgramJobs)(heap, parted, addressOf);
  const imports = { env: { memory: heap.memory }, kernels, threads: { ...jobs?.imports } };
  const { exports } = new WebAssembly.Instance(program.module, imports);
  // The functions own their table: it goes with the last of them.
  const owner = { table: 0 };
  const words = [...bases, ...(jobs?.words ?? [])];
  owner.table = heap.allocateFor(owner, words.length * 4);
  heap.view("uint32", owner.table, words.length).set(words);
  jobs?.ready(heap, program, exports, owner.table + bases.length * 4);
  return parts.map((calls, number) => {
    const run = exports[`run${number}`] as (table: number) => void;
    const whole = (): void => run(owner.table);
    return jobs?.entered(calls, whole) ?? whole;
  });
}
