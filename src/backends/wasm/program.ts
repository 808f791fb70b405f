import type { Heap } from "../backend.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { Argument } from "./emit-loops.ts";
import { handMadeKernel, handMadeModule, type Kernel, moduleFor } from "./kernel-module.ts";
import { addPartFunction, blockBytes, blockWords, type RunPart } from "./threads/part-call.ts";
import { type Job, type PartedProgram, poolOf } from "./threads/pool.ts";
import type { Call, Lowering } from "./wasm-backend.ts";

/** A module, and which of its kernels have a function that runs one part, in that order. */
export interface EmittedProgram extends PartedProgram {
  readonly partKeys: readonly string[];
}

/**
 * Emits a whole graph as one module: each distinct loop kernel once, and a driver that calls them in order. The
 * driver takes the address of a table with the bases, so that one program serves any arena and any variables. A call
 * that is parted goes to the pool, by its number.
 */
export function emitProgram(heap: Heap, { calls, parts, plan, profile }: Lowering): EmittedProgram {
  const module = moduleFor(heap);
  const indices = new Map<string, number>();
  const jobs = calls.filter(({ parted }) => parted !== null);
  const runJob = jobs.length === 0 ? -1 : module.importFunction("threads", "run", ["i32"], []);
  for (const { step } of calls) {
    if (step.emit !== null || indices.has(step.key)) continue;
    indices.set(step.key, module.importFunction("kernels", step.key, [...step.params], []));
  }
  const names = [...indices.keys()];
  for (const { step } of calls) {
    if (step.emit === null || indices.has(step.key)) continue;
    const fn = module.func([...step.params], []);
    step.emit(fn);
    indices.set(step.key, fn.index);
  }
  const partKeys = [...new Set(jobs.map(({ step }) => step.key))];
  partKeys.forEach((key, at) => {
    const { step } = jobs.find((call) => call.step.key === key) as Call;
    addPartFunction(module, `part${at}`, indices.get(key) as number, step);
  });
  parts.forEach((part, number) => {
    const driver = new Driver(module.func(["i32"], [], `run${number}`));
    for (const call of part) {
      if (call.parted !== null) {
        driver.fn.i32const(jobs.indexOf(call)).call(runJob);
        continue;
      }
      for (const arg of call.args) driver.push(arg);
      driver.fn.call(indices.get(call.step.key) as number);
    }
    for (const { from, to, bytes } of number === parts.length - 1 ? plan.copies : []) {
      driver.push(to);
      driver.push(from);
      driver.fn.i32const(bytes).op("memory.copy");
    }
  });
  const handMade = jobs.length === 0 ? [] : names.map((name) => handMadeModule(heap, profile, name));
  return { module: new WebAssembly.Module(module.bytes()), handMade, count: partKeys.length, partKeys };
}

/** Pushes arguments; a base is loaded from the table where it is first used. */
class Driver {
  readonly fn: FunctionBuilder;
  readonly #bases = new Map<number, number>();

  constructor(fn: FunctionBuilder) {
    this.fn = fn;
  }

  push(arg: Argument): void {
    if (typeof arg === "number") {
      this.fn.i32const(arg);
      return;
    }
    let base = this.#bases.get(arg.base);
    if (base === undefined) {
      base = this.fn.local("i32");
      this.#bases.set(arg.base, base);
      this.fn
        .get(0)
        .load("i32.load", arg.base * 4)
        .set(base);
    }
    this.fn.get(base);
    if (arg.offset !== 0) this.fn.i32const(arg.offset).op("i32.add");
  }
}

/** The parts of an instance of a program on these bases. */
export function bindProgram(
  heap: Heap,
  program: EmittedProgram,
  { calls, parts, profile }: Lowering,
  bases: readonly number[],
): (() => void)[] {
  const wanted = WebAssembly.Module.imports(program.module).filter(({ module }) => module === "kernels");
  const kernels: Record<string, Kernel> = {};
  for (const { name } of wanted) kernels[name] = handMadeKernel(heap, profile, name);
  const jobs: Job[] = [];
  const pool = heap.threads !== null && program.count > 0 ? poolOf(heap, heap.threads) : null;
  const threads = { run: (job: number) => pool?.run(jobs[job]) };
  const { exports } = new WebAssembly.Instance(program.module, { env: { memory: heap.memory }, kernels, threads });
  // The functions own their table, and the blocks of arguments behind it: they go with the last of them.
  const addressOf = (arg: Argument) => (typeof arg === "number" ? arg : bases[arg.base] + arg.offset);
  const words = [...bases];
  const drafts = calls.flatMap(({ step, parted }) => {
    if (parted === null) return [];
    const from = words.length * 4;
    for (const word of blockWords(parted, addressOf)) words.push(word);
    const kernel = program.partKeys.indexOf(step.key);
    const run = exports[`part${kernel}`] as RunPart;
    const { parts, division } = parted;
    return [{ program, kernel, run, cost: division.cost, bytes: blockBytes(parted), parts, address: from }];
  });
  const owner = { table: 0 };
  owner.table = heap.allocateFor(owner, words.length * 4);
  heap.view("uint32", owner.table, words.length).set(words);
  for (const job of drafts) jobs.push({ ...job, address: owner.table + job.address });
  return parts.map((part, number) => {
    const run = exports[`run${number}`] as (table: number) => void;
    const cost = part.reduce((sum, { parted }) => sum + (parted?.division.cost ?? 0), 0);
    if (pool === null || cost === 0) return () => run(owner.table);
    return () => {
      pool.enter(cost);
      run(owner.table);
    };
  });
}
