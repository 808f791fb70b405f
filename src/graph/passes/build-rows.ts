import type { DType } from "../../core/dtype.ts";
import { sameShape } from "../../core/shape.ts";
import type { Shape } from "../../core/shape-types.ts";
import { constant, type Expr, index, isMathsOp, load } from "../../ir/expr.ts";
import { rewrite } from "../../ir/rewrite.ts";
import type { Tensor } from "../tensor.ts";
import type { RowMember } from "./fuse-rows.ts";
import type { ReduceKernel, RowKernel, RowPass, RowStore } from "./kernel.ts";
import { rootOf } from "./plan-memory.ts";

/** Loads of kept rows and of results are numbered behind the inputs, once all are known. */
const KEPT = 1 << 20;
const RESULT = 1 << 21;

interface Result {
  readonly combine: ReduceKernel["combine"];
  readonly dtype: DType;
  readonly body: Expr;
}

/** Turns kernels on the same rows into passes: a value waits for the reductions that it is computed from. */
export class RowBuilder {
  readonly #space: Shape;
  readonly #from: number;
  readonly #members: readonly RowMember[];
  readonly #inputs: Tensor[] = [];
  readonly #values = new Map<Tensor, Expr>();
  readonly #results: Result[] = [];
  readonly #kept: { readonly dtype: DType; readonly body: Expr; readonly pass: number }[] = [];
  readonly #keptAt = new Map<Expr, Expr>();

  constructor(space: Shape, from: number, members: readonly RowMember[]) {
    this.#space = space;
    this.#from = from;
    this.#members = members;
  }

  build(isStored: (x: Tensor) => boolean): RowKernel {
    for (const member of this.#members) this.#add(member);
    const outputs = this.#members.flatMap((member) => member.outputs.filter(isStored));
    const passOf = this.#results.map(({ body }) => this.#passOf(body));
    const tail: RowStore[] = [];
    const stores: { readonly pass: number; readonly store: RowStore }[] = [];
    outputs.forEach((x, output) => {
      const value = this.#values.get(x) as Expr;
      if (sameShape(x.shape, this.#space)) stores.push({ pass: this.#passOf(value), store: { output, body: value } });
      else tail.push({ output, body: value });
    });
    const count = Math.max(0, ...passOf.map((pass) => pass + 1), ...stores.map(({ pass }) => pass + 1));
    const bodies = Array.from({ length: count }, (_, pass) => ({
      reductions: this.#results.flatMap(({ combine, body }, result) =>
        passOf[result] === pass ? [{ combine, result, body: this.#again(body, pass) }] : [],
      ),
      stores: stores.flatMap((s) =>
        s.pass === pass ? [{ output: s.store.output, body: this.#again(s.store.body, pass) }] : [],
      ),
    }));
    const passes = bodies.map(
      ({ reductions, stores: stored }, pass): RowPass => ({
        reductions: reductions.map((r) => ({ ...r, body: this.#numbered(r.body) })),
        stores: stored.map((s) => ({ ...s, body: this.#numbered(s.body) })),
        keeps: this.#kept.flatMap((k, kept) => (k.pass === pass ? [{ kept, body: this.#numbered(k.body) }] : [])),
      }),
    );
    return {
      kind: "row",
      space: this.#space,
      from: this.#from,
      inputs: this.#inputs,
      outputs,
      kept: this.#kept.map((k) => k.dtype),
      results: this.#results.map((r) => r.dtype),
      passes,
      tail: tail.map((s) => ({ ...s, body: this.#numbered(s.body) })),
    };
  }

  #add(member: RowMember): void {
    member.bodies.forEach((body, i) => {
      const value = this.#inlined(member, body);
      const output = member.outputs[i];
      if (member.kind === "map") this.#values.set(output, value);
      else {
        const result = this.#results.push({ combine: member.combine, dtype: output.dtype, body: value }) - 1;
        this.#values.set(output, load(RESULT + result, output.dtype, []));
      }
    });
  }

  /** The body with values of earlier members in place of loads. */
  #inlined(member: RowMember, body: Expr): Expr {
    // One value a row: its axes along the row have size 1, whatever the row's length.
    const perRow = member.kind === "map" && !sameShape(member.shape, this.#space);
    return rewrite(body, (leaf) => {
      if (perRow && leaf.kind === "index" && leaf.axis >= this.#from) return constant(0, "int32");
      if (leaf.kind !== "load") return null;
      const x = member.inputs[leaf.input];
      const known = this.#values.get(rootOf(x));
      if (known !== undefined) return known;
      let input = this.#inputs.indexOf(x);
      if (input < 0) input = this.#inputs.push(x) - 1;
      return { ...leaf, input };
    });
  }

  readonly #passes = new Map<Expr, number>();

  /** The first pass in which a value can be computed: behind every reduction that it reads. */
  #passOf(e: Expr): number {
    const known = this.#passes.get(e);
    if (known !== undefined) return known;
    let pass = 0;
    if (e.kind === "call") pass = Math.max(0, ...e.args.map((arg) => this.#passOf(arg)));
    if (e.kind === "load") {
      pass = Math.max(0, ...e.index.map((i) => this.#passOf(i)));
      if (e.input >= RESULT) pass = this.#passOf(this.#results[e.input - RESULT].body) + 1;
    }
    this.#passes.set(e, pass);
    return pass;
  }

  /** The body in a pass, with costly values of earlier passes read again instead of computed again. */
  #again(body: Expr, pass: number): Expr {
    const done = new Map<Expr, Expr>();
    const visit = (e: Expr): Expr => {
      if (e.kind !== "call") return e;
      const known = done.get(e);
      if (known !== undefined) return known;
      const kept = isMathsOp(e.op) && this.#passOf(e) < pass && this.#variesAlongRow(e) ? this.#keep(e) : null;
      const args = e.args.map(visit);
      const same = args.every((arg, i) => arg === e.args[i]);
      const result = kept ?? (same ? e : { ...e, args });
      done.set(e, result);
      return result;
    };
    return visit(body);
  }

  #keep(e: Expr): Expr {
    const known = this.#keptAt.get(e);
    if (known !== undefined) return known;
    const kept = this.#kept.push({ dtype: e.dtype, body: e, pass: this.#passOf(e) }) - 1;
    const row = this.#space.slice(this.#from).map((_, axis) => index(this.#from + axis));
    const again = load(KEPT + kept, e.dtype, row);
    this.#keptAt.set(e, again);
    return again;
  }

  #variesAlongRow(e: Expr): boolean {
    if (e.kind === "index") return e.axis >= this.#from;
    if (e.kind === "call") return e.args.some((arg) => this.#variesAlongRow(arg));
    return e.kind === "load" && e.index.some((i) => this.#variesAlongRow(i));
  }

  #numbered(body: Expr): Expr {
    const inputs = this.#inputs.length;
    return rewrite(body, (leaf) => {
      if (leaf.kind !== "load" || leaf.input < KEPT) return null;
      if (leaf.input < RESULT) return { ...leaf, input: inputs + leaf.input - KEPT };
      return { ...leaf, input: inputs + this.#kept.length + leaf.input - RESULT };
    });
  }
}
