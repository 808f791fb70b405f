import type { Heap } from "../backend.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { Argument } from "./emit-loops.ts";
import { handMadeKernel, type Kernel, moduleFor } from "./kernel-module.ts";
import type { KernelProfile } from "./kernel-profile.ts";
import type { Lowering } from "./wasm-backend.ts";

/**
 * Emits a whole graph as one module: each distinct loop kernel once, and a driver that calls them in order. The
 * driver takes the address of a table with the bases, so that one program serves any arena and any variables.
 */
export function emitProgram(heap: Heap, { calls, parts, plan }: Lowering): WebAssembly.Module {
  const module = moduleFor(heap);
  const indices = new Map<string, number>();
  for (const { step } of calls) {
    if (step.emit !== null || indices.has(step.key)) continue;
    indices.set(step.key, module.importFunction("kernels", step.key, [...step.params], []));
  }
  for (const { step } of calls) {
    if (step.emit === null || indices.has(step.key)) continue;
    const fn = module.func([...step.params], []);
    step.emit(fn);
    indices.set(step.key, fn.index);
  }
  parts.forEach((part, number) => {
    const driver = new Driver(module.func(["i32"], [], `run${number}`));
    for (const { step, args } of part) {
      for (const arg of args) driver.push(arg);
      driver.fn.call(indices.get(step.key) as number);
    }
    for (const { from, to, bytes } of number === parts.length - 1 ? plan.copies : []) {
      driver.push(to);
      driver.push(from);
      driver.fn.i32const(bytes).op("memory.copy");
    }
  });
  return new WebAssembly.Module(module.bytes());
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
  profile: KernelProfile,
  program: WebAssembly.Module,
  bases: readonly number[],
): (() => void)[] {
  const wanted = WebAssembly.Module.imports(program).filter(({ kind }) => kind === "function");
  const kernels: Record<string, Kernel> = {};
  for (const { name } of wanted) kernels[name] = handMadeKernel(heap, profile, name);
  const { exports } = new WebAssembly.Instance(program, { env: { memory: heap.memory }, kernels });
  // The functions own their table: it goes with the last of them.
  const owner = { table: 0 };
  owner.table = heap.allocateFor(owner, bases.length * 4);
  heap.view("uint32", owner.table, bases.length).set(bases);
  return Object.keys(exports).map((_, number) => {
    const run = exports[`run${number}`] as (table: number) => void;
    return () => run(owner.table);
  });
}
