import { BYTES } from "../../core/dtype.ts";
import { type Place, shifted } from "../../graph/passes/plan-memory.ts";
import type { Instruction } from "../../ir/linearize.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import type { ValueType } from "./assembler/types.ts";
import { emitCall, splat } from "./emit-code.ts";
import type { Lanes } from "./lanes.ts";
import type { Lowered } from "./lower-kernel.ts";
import { scalarConstant, scalarLanes, scalarRegister } from "./scalar-lanes.ts";

/**
 * The parameters of an emitted loop kernel, all i32: the loops' lengths; for each access its address (or first
 * coordinate) and its step in bytes (or coordinates) along every loop; the outputs' addresses.
 */
export class LoopFunction {
  readonly fn: FunctionBuilder;
  readonly lowered: Lowered;
  readonly #outputsAt: number;

  constructor(fn: FunctionBuilder, lowered: Lowered) {
    this.fn = fn;
    this.lowered = lowered;
    this.#outputsAt = lowered.dims.length + lowered.accesses.length * (1 + lowered.dims.length);
  }

  length(loop: number): number {
    return loop;
  }

  /** The parameter that holds an access's address. */
  start(access: number): number {
    return this.lowered.dims.length + access * (1 + this.lowered.dims.length);
  }

  step(access: number, loop: number): number {
    return this.start(access) + 1 + loop;
  }

  output(at: number): number {
    return this.#outputsAt + at;
  }
}

export function loopParameters(lowered: Lowered, outputs: number): ValueType[] {
  const rank = lowered.dims.length;
  return new Array<ValueType>(rank + lowered.accesses.length * (1 + rank) + outputs).fill("i32");
}

/** An argument of a kernel: a number, or an address that is known when the program is bound. */
export type Argument = number | Place;

/** A kernel's arguments, given where its inputs and outputs lie. */
export function loopArguments(lowered: Lowered, inputs: readonly Place[], outputs: readonly Place[]): Argument[] {
  const args: Argument[] = [...lowered.dims];
  for (const access of lowered.accesses) {
    const bytes = access.kind === "load" ? BYTES[access.dtype] : 1;
    const shift = access.offset * bytes;
    args.push(access.kind === "load" ? shifted(inputs[access.input], shift) : shift);
    args.push(...access.strides.map((stride) => stride * bytes));
  }
  return [...args, ...outputs];
}

/** `for (counter = 0; counter < length; counter++) body`, for a length of at least 1. */
export function countedLoop(fn: FunctionBuilder, length: number, body: (counter: number) => void): void {
  const counter = fn.local("i32");
  fn.i32const(0).set(counter).loop();
  body(counter);
  fn.get(counter).i32const(1).op("i32.add").tee(counter).get(length).op("i32.lt_u").br_if(0).end();
}

/** `while (left >= count) { body; left -= count }`, tested at the end so that a round has one jump. */
export function whileLeft(fn: FunctionBuilder, left: number, count: number, body: () => void): void {
  const test = () => fn.i32const(count).op("i32.ge_s");
  fn.get(left);
  test().if_().loop();
  body();
  fn.get(left).i32const(count).op("i32.sub").tee(left);
  test().br_if(0).end().end();
}

/** Nested loops over lengths first..last-1, the counters handed to the body. */
export function nest(
  f: LoopFunction,
  loops: readonly number[],
  body: (counters: ReadonlyMap<number, number>) => void,
): void {
  const counters = new Map<number, number>();
  const open = (at: number): void => {
    if (at === loops.length) {
      body(counters);
      return;
    }
    const loop = loops[at];
    // A loop whose length is 1 by construction costs nothing.
    countedLoop(f.fn, f.length(loop), (counter) => {
      counters.set(loop, counter);
      open(at + 1);
    });
  };
  open(0);
}

/** Locals with each access's place for these counters: an address, or a coordinate. */
export function emitPlaces(f: LoopFunction, counters: ReadonlyMap<number, number>): number[] {
  const { fn, lowered } = f;
  return lowered.accesses.map((access, a) => {
    const place = fn.local("i32");
    fn.get(f.start(a));
    for (const [loop, counter] of counters) {
      if (access.strides[loop] !== 0) fn.get(counter).get(f.step(a, loop)).op("i32.mul").op("i32.add");
    }
    fn.set(place);
    return place;
  });
}

/** Locals with the constants that vectors use, made once. */
export function emitConstants(f: LoopFunction, varying: readonly boolean[], lanes: Lanes): Map<number, number> {
  const constants = new Map<number, number>();
  const { code, roots } = f.lowered.body;
  if (lanes.count === 1) return constants;
  const make = (n: number): void => {
    const i = code[n];
    if (i.kind !== "const" || constants.has(n)) return;
    const local = f.fn.local("v128");
    lanes.constant(f.fn, i.value, i.dtype);
    f.fn.set(local);
    constants.set(n, local);
  };
  code.forEach((i, n) => {
    if (varying[n] && i.kind === "call") i.args.forEach(make);
  });
  roots.forEach(make);
  return constants;
}

/** Emits a body's instructions, one local a value, for one step of the loops. */
export class BodyEmitter {
  readonly #f: LoopFunction;
  readonly #places: readonly number[];
  /** Scalar values that do not change along the inner loop, and their splats. */
  readonly #scalars = new Map<number, number>();
  readonly #splats = new Map<number, number>();

  readonly #along: number;
  readonly #constants: ReadonlyMap<number, number>;

  /** `along` is the loop whose steps fill the lanes; `constants` are vectors that were made before all loops. */
  constructor(
    f: LoopFunction,
    places: readonly number[],
    along: number,
    constants: ReadonlyMap<number, number> = new Map(),
  ) {
    this.#f = f;
    this.#places = places;
    this.#along = along;
    this.#constants = constants;
  }

  /** The results, every value computed anew as a scalar. */
  all(): number[] {
    const { code, roots } = this.#f.lowered.body;
    this.invariants(
      code.map(() => false),
      scalarLanes,
    );
    return roots.map((n) => this.#scalar(n));
  }

  /** Values that hold still along the inner loop, once: as scalars, and as vectors where vectors use them. */
  invariants(varying: readonly boolean[], lanes: Lanes): void {
    const { code, roots } = this.#f.lowered.body;
    const still = code.map((i, n) => !varying[n] && i.kind !== "const");
    code.forEach((i, n) => {
      if (still[n])
        this.#scalars.set(
          n,
          this.#emit(i, scalarLanes, (a) => this.#scalar(a)),
        );
    });
    if (lanes.count === 1) return;
    const needed = new Set<number>();
    for (const n of roots) if (still[n]) needed.add(n);
    code.forEach((i, n) => {
      if (varying[n] && i.kind === "call") for (const a of i.args) if (still[a]) needed.add(a);
    });
    for (const n of needed) this.#splats.set(n, splat(this.#f.fn, code[n].dtype, this.#scalars.get(n) as number));
  }

  /** The locals of the body's results, in `lanes`. */
  step(varying: readonly boolean[], lanes: Lanes): number[] {
    return this.steps(varying, lanes, 1)[0];
  }

  /**
   * The results of neighbouring registers, instruction by instruction side by side: what waits for its argument in one
   * has work in another, and V8 can make a wide vector of two.
   */
  steps(varying: readonly boolean[], lanes: Lanes, count: number): number[][] {
    const { code, roots } = this.#f.lowered.body;
    const all = Array.from({ length: count }, (_, ahead) => ({ ahead, values: new Map<number, number>() }));
    const local = (values: ReadonlyMap<number, number>, n: number): number => {
      const still = lanes.count === 1 ? this.#scalars.get(n) : (this.#splats.get(n) ?? this.#constants.get(n));
      return values.get(n) ?? still ?? this.#scalar(n);
    };
    code.forEach((i, n) => {
      if (!varying[n]) return;
      for (const { ahead, values } of all)
        values.set(
          n,
          this.#emit(i, lanes, (a) => local(values, a), ahead),
        );
    });
    return all.map(({ values }) => roots.map((n) => local(values, n)));
  }

  #scalar(n: number): number {
    const known = this.#scalars.get(n);
    if (known !== undefined) return known;
    const { fn, lowered } = this.#f;
    const i = lowered.body.code[n];
    const constant = fn.local(scalarRegister(i.dtype));
    if (i.kind === "const") scalarConstant(fn, i.value, i.dtype);
    fn.set(constant);
    this.#scalars.set(n, constant);
    return constant;
  }

  #emit(i: Instruction, lanes: Lanes, local: (n: number) => number, ahead = 0): number {
    const { fn, lowered } = this.#f;
    const result = fn.local(lanes.register(i.dtype));
    if (i.kind === "call") {
      emitCall(fn, lanes, lowered.body.code, i, i.args.map(local));
      fn.set(result);
    } else if (i.kind === "load") {
      const access = lowered.accesses[i.input];
      if (access.kind === "coordinate") this.#coordinate(i.input, lanes, ahead);
      else this.#load(i, lanes, local, ahead);
      fn.set(result);
    }
    return result;
  }

  #coordinate(access: number, lanes: Lanes, ahead: number): void {
    const { fn } = this.#f;
    fn.get(this.#places[access]);
    if (lanes.count === 1) return;
    fn.op("i32x4.splat");
    const step = this.#f.step(access, this.#along);
    const ramp = new Uint8Array(new Int32Array([0, 1, 2, 3].map((lane) => lane + ahead * 4)).buffer);
    fn.get(step).op("i32x4.splat").v128const(ramp).op("i32x4.mul").op("i32x4.add");
  }

  #load(i: Instruction & { kind: "load" }, lanes: Lanes, local: (n: number) => number, ahead: number): void {
    const { fn } = this.#f;
    // So is a guard: all lanes are loaded, or none.
    if (i.guard >= 0) {
      fn.get(lanes.count === 1 ? local(i.guard) : this.#scalar(i.guard));
      fn.if_(lanes.register(i.dtype));
    }
    fn.get(this.#places[i.input]);
    // A computed base is a scalar even for vectors: it does not change along the inner loop.
    if (i.args.length > 0) {
      const base = lanes.count === 1 ? local(i.args[0]) : this.#scalar(i.args[0]);
      fn.get(base).i32const(BYTES[i.dtype]).op("i32.mul").op("i32.add");
    }
    lanes.load(fn, i.dtype, ahead * lanes.count * BYTES[i.dtype]);
    if (i.guard >= 0) {
      fn.else_();
      lanes.constant(fn, 0, i.dtype);
      fn.end();
    }
  }
}
