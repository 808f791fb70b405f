import { BYTES, type DType } from "../../core/dtype.ts";
import type { Combine } from "../../ir/expr.ts";
import type { FunctionBuilder } from "./assembler/function-builder.ts";
import { lanesFor, storeLanes, varyingAlong } from "./emit-code.ts";
import { BodyEmitter, emitConstants, emitPlaces, LoopFunction, nest, whileLeft } from "./emit-loops.ts";
import { advance, vectorsARound } from "./emit-map.ts";
import { joinLanes, joinOp, keepLanes, neutral, PARTIALS } from "./emit-reduce.ts";
import { advance as advancePointer } from "./kernels/pointer-steps.ts";
import type { Lanes } from "./lanes.ts";
import type { Lowered } from "./lower-kernel.ts";
import { scalarStore } from "./scalar-lanes.ts";

/** One walk along a row; the body's roots are the reductions', then the stores' values. */
export interface LoweredPass {
  readonly lowered: Lowered;
  /** `to` is the output that holds the result while the row is worked on. */
  readonly reductions: readonly { readonly combine: Combine; readonly dtype: DType; readonly to: number }[];
  /** A row that is `kept` starts over with each row; other outputs go on. */
  readonly stores: readonly { readonly to: number; readonly dtype: DType; readonly kept: boolean }[];
}

export interface LoweredRows {
  readonly passes: readonly LoweredPass[];
  /** One value a row. */
  readonly tail: {
    readonly lowered: Lowered;
    readonly stores: readonly { readonly to: number; readonly dtype: DType }[];
  };
}

/** Whether every pass runs in vectors. */
export function isVectorRows({ passes }: LoweredRows): boolean {
  return passes.every(({ lowered, reductions }) => {
    const [, along] = lowered.segments;
    const sums = reductions.every(({ dtype }) => dtype !== "bool" && dtype !== "uint8");
    return along === 1 && sums && lanesFor(lowered, lowered.dims.length - 1).count > 1;
  });
}

/** Emits all passes over a row, row after row. Reductions join in the order of emit-reduce, so the bits are theirs. */
export function emitRows(fn: FunctionBuilder, { passes, tail }: LoweredRows): void {
  const f = new LoopFunction(fn, tail.lowered);
  const along = tail.lowered.dims.length - 1;
  const walks = passes.map((pass) => new Walk(fn, pass));
  nest(f, tail.lowered.dims.map((_, loop) => loop).slice(0, along), (counters) => {
    for (const walk of walks) walk.emit(counters);
    if (tail.stores.length === 0) return;
    const values = new BodyEmitter(f, emitPlaces(f, counters), -1).all();
    tail.stores.forEach(({ to, dtype }, at) => {
      scalarStore(fn, dtype, f.output(to), values[at]);
      advancePointer(fn, f.output(to), BYTES[dtype]);
    });
  });
}

class Walk {
  readonly #fn: FunctionBuilder;
  readonly #f: LoopFunction;
  readonly #pass: LoweredPass;
  readonly #lanes: Lanes;
  readonly #along: number;
  readonly #varying: readonly boolean[];
  readonly #constants: ReadonlyMap<number, number>;
  readonly #partials: readonly (readonly number[])[];
  readonly #left: number;

  constructor(fn: FunctionBuilder, pass: LoweredPass) {
    this.#fn = fn;
    this.#pass = pass;
    this.#f = new LoopFunction(fn, pass.lowered);
    this.#along = pass.lowered.dims.length - 1;
    this.#lanes = lanesFor(pass.lowered, this.#along);
    this.#varying = varyingAlong(pass.lowered, this.#along);
    this.#constants = emitConstants(this.#f, this.#varying, this.#lanes);
    this.#partials = pass.reductions.map(() => Array.from({ length: PARTIALS }, () => fn.local("v128")));
    this.#left = fn.local("i32");
  }

  emit(counters: ReadonlyMap<number, number>): void {
    const fn = this.#fn;
    const { reductions, stores } = this.#pass;
    const places = emitPlaces(this.#f, counters);
    const body = new BodyEmitter(this.#f, places, this.#along, this.#constants);
    body.invariants(this.#varying, this.#lanes);
    reductions.forEach(({ combine, dtype }, r) => {
      for (const partial of this.#partials[r]) {
        this.#lanes.constant(fn, neutral(combine, dtype), dtype);
        fn.set(partial);
      }
    });
    // Each output has a pointer of its own for this row.
    const pointers = stores.map(({ to }) => {
      const pointer = fn.local("i32");
      fn.get(this.#f.output(to)).set(pointer);
      return pointer;
    });
    this.#loops(body, places, pointers);
    stores.forEach(({ to, kept }, s) => {
      if (!kept) fn.get(pointers[s]).set(this.#f.output(to));
    });
    reductions.forEach(({ combine, dtype, to }, r) => {
      const [first, second] = this.#partials[r];
      fn.get(first)
        .get(second)
        .op(joinOp(combine, dtype, this.#lanes.count))
        .set(first);
      scalarStore(fn, dtype, this.#f.output(to), joinLanes(fn, this.#lanes, first, combine, dtype));
    });
  }

  #loops(body: BodyEmitter, places: readonly number[], pointers: readonly number[]): void {
    const fn = this.#fn;
    const left = this.#left;
    const { count } = this.#lanes;
    fn.get(this.#f.length(this.#along)).set(left);
    for (let steps = Math.max(vectorsARound(this.#pass.lowered), PARTIALS); steps >= 1; steps /= 2) {
      whileLeft(fn, left, count * steps, () => {
        this.#steps(body, pointers, steps, null);
        this.#forward(places, pointers, count * steps);
      });
    }
    fn.get(left).if_();
    this.#steps(body, pointers, 1, left);
    this.#pass.stores.forEach(({ dtype }, s) => {
      fn.get(pointers[s]).get(left).i32const(BYTES[dtype]).op("i32.mul").op("i32.add").set(pointers[s]);
    });
    fn.end();
  }

  /** Vectors take turns in going to the partial results; the rest of a row goes to the last. */
  #steps(body: BodyEmitter, pointers: readonly number[], steps: number, rest: number | null): void {
    const fn = this.#fn;
    const { reductions, stores } = this.#pass;
    body.steps(this.#varying, this.#lanes, steps).forEach((values, ahead) => {
      reductions.forEach(({ combine, dtype }, r) => {
        const filler = neutral(combine, dtype);
        const value = rest === null ? values[r] : keepLanes(fn, this.#lanes, rest, values[r], filler, dtype);
        const into = this.#partials[r][rest === null ? ahead % PARTIALS : PARTIALS - 1];
        fn.get(into)
          .get(value)
          .op(joinOp(combine, dtype, this.#lanes.count))
          .set(into);
      });
      stores.forEach(({ dtype }, s) => {
        storeLanes(fn, this.#lanes, dtype, pointers[s], values[reductions.length + s], rest, ahead);
      });
    });
  }

  #forward(places: readonly number[], pointers: readonly number[], steps: number): void {
    advance(this.#f, steps, places, this.#along);
    this.#pass.stores.forEach(({ dtype }, s) => {
      advancePointer(this.#fn, pointers[s], steps * BYTES[dtype]);
    });
  }
}
