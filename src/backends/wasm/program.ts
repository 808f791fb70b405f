import type { Heap } from "../backend.ts";
import type { ModuleBuilder } from "./assembler/module-builder.ts";
import { isParted, kernelCalls, type PartedCall } from "./call.ts";
import { Driver, type Jobs, loadBases } from "./driver.ts";
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
    indices.set(step.key, addStep(module, step, indices));
  }
  const partKeys = [...new Set(jobs.calls.map(({ step }) => step.key))];
  partKeys.forEach((key, at) => {
    const call = jobs.calls.find(({ step }) => step.key === key) as PartedCall;
    threading().addPartFunction(module, `part${at}`, indices.get(key) as number, call);
  });
  parts.forEach((part, number) => {
    const fn = module.func(["i32"], [], `run${number}`);
    new Driver(fn, indices, jobs, loadBases(fn, part)).emit(part);
  });
  const handMade = handMadeKeys.map((key) => handMadeModule(heap, profile, key));
  return { module: new WebAssembly.Module(module.bytes()), handMade, count: partKeys.length, partKeys };
}

function importJobs(module: ModuleBuilder, calls: readonly PartedCall[]): Jobs {
  if (calls.length === 0) return { calls, run: -1, walk: -1 };
  const run = module.importFunction("threads", "run", ["i32"], []);
  return { calls, run, walk: module.importFunction("threads", "walk", ["i32", "i32", "i32"], []) };
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
