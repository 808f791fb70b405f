import type { LoopId } from "../../graph/passes/plan-memory.ts";
import type { Heap } from "../backend.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import { type Call, kernelCalls, type LoopCall, placesIn } from "./call.ts";
import type { Argument } from "./emit-loops.ts";
import { handMadeKernel, type Kernel, moduleFor } from "./kernel-module.ts";
import type { KernelProfile } from "./kernel-profile.ts";
import type { Lowering } from "./lower-graph.ts";

/**
 * Emits a whole graph as one module: each distinct loop kernel once, and a driver that calls them in order. The
 * driver takes the address of a table with the bases, so that one program serves any arena and any variables.
 */
export function emitProgram(heap: Heap, { parts }: Lowering): WebAssembly.Module {
  const module = moduleFor(heap);
  const indices = new Map<string, number>();
  const calls = kernelCalls(parts.flat());
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
    new Driver(module.func(["i32"], [], `run${number}`), indices, part).emit(part);
  });
  return new WebAssembly.Module(module.bytes());
}

/** Emits calls in order; bases are loaded from the table at first. */
class Driver {
  readonly #fn: FunctionBuilder;
  readonly #indices: ReadonlyMap<string, number>;
  readonly #bases = new Map<number, number>();
  /** The local that counts the rounds of a loop. */
  readonly #rounds = new Map<LoopId, number>();

  constructor(fn: FunctionBuilder, indices: ReadonlyMap<string, number>, calls: readonly Call[]) {
    this.#fn = fn;
    this.#indices = indices;
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
