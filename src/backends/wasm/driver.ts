// tested by src/ops/scan.test.ts
import type { LoopId } from "../../graph/passes/plan-memory.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import { type Call, isParted, type LoopCall, type PartedCall, placesIn } from "./call.ts";
import type { Argument } from "./emit-loops.ts";

/** Parted calls, and the functions that the driver calls for them. */
export interface Jobs {
  readonly calls: readonly PartedCall[];
  readonly run: number;
  readonly walk: number;
}

/** Locals that hold the bases of these calls, loaded from the table at the function's first parameter. */
export function loadBases(fn: FunctionBuilder, calls: readonly Call[]): Map<number, number> {
  const bases = new Map<number, number>();
  for (const { base } of placesIn(calls)) {
    if (bases.has(base)) continue;
    const local = fn.local("i32");
    bases.set(base, local);
    fn.get(0)
      .load("i32.load", base * 4)
      .set(local);
  }
  return bases;
}

/** Emits calls in order. */
export class Driver {
  readonly #fn: FunctionBuilder;
  readonly #indices: ReadonlyMap<string, number>;
  readonly #jobs: Jobs;
  readonly #bases: ReadonlyMap<number, number>;
  readonly #rounds: Map<LoopId, number>;

  /** `bases` and `rounds`: the locals that hold the addresses of bases, and the rounds of loops. */
  constructor(
    fn: FunctionBuilder,
    indices: ReadonlyMap<string, number>,
    jobs: Jobs,
    bases: ReadonlyMap<number, number>,
    rounds: Map<LoopId, number> = new Map(),
  ) {
    this.#fn = fn;
    this.#indices = indices;
    this.#jobs = jobs;
    this.#bases = bases;
    this.#rounds = rounds;
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
        this.#push(call.bytes);
        fn.op("memory.copy");
        return;
      case "loop":
        if (call.shared) this.#share(call.shared);
        else if (call.rounds !== 0) this.#loop(call);
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
    // The last round where it goes backwards.
    if (reverse) this.#push(rounds);
    fn.i32const(reverse ? -1 : 0);
    if (reverse) fn.op("i32.add");
    fn.set(round).loop();
    this.emit(calls);
    fn.get(round)
      .i32const(reverse ? -1 : 1)
      .op("i32.add")
      .tee(round);
    this.#push(reverse ? 0 : rounds);
    fn.op(reverse ? "i32.ge_s" : "i32.lt_s")
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
