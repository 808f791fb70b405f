import { onceEach } from "../../core/once-each.ts";
import { sameShape } from "../../core/shape.ts";
import type { Shape } from "../../core/shape-types.ts";
import type { Expr } from "../../ir/expr.ts";
import { type Dataflow, graphResults } from "../node.ts";
import type { Tensor } from "../tensor.ts";
import { RowBuilder } from "./build-rows.ts";
import type { Kernel, MapKernel, ReduceKernel, RowKernel } from "./kernel.ts";
import { rootOf } from "./plan-memory.ts";

/** Rows longer than this leave the first-level cache between two passes, and nothing is gained. */
const LONGEST_ROW = 4096;

export type RowMember = MapKernel | ReduceKernel;

/**
 * Joins reductions along rows with what they are computed from and what is computed from them: softmax, its loss and
 * its gradient, or a layer normalisation, become one kernel that goes through memory once.
 */
export function fuseRows(
  graph: Dataflow,
  kernels: readonly Kernel[],
  accepts: (kernel: RowKernel) => boolean,
): Kernel[] {
  const results = new Set(graphResults(graph).map(rootOf));
  const updated = new Set(graph.variables.flatMap(({ after }) => (after === null ? [] : [rootOf(after)])));
  let list = [...kernels];
  const readers = new Readers(kernels);
  for (let at = 0; at < list.length; at++) {
    const first = list[at];
    if (first.kind !== "reduce" || !startsRows(first)) continue;
    const group = new RowGroup(first, updated);
    // What reads the group comes behind it; what the group may read comes before.
    const others: Kernel[] = [];
    const users: Kernel[] = [];
    for (let next = at + 1; next < list.length; next++) {
      const place = group.offer(list[next]);
      if (place !== "member") (place === "user" ? users : others).push(list[next]);
    }
    if (group.members.length < 2) continue;
    const inside = new Set<Kernel>(group.members);
    const row = new RowBuilder(first.space, first.from, group.members).build(
      (x) => results.has(x) || readers.anyBut(inside, x),
    );
    if (!accepts(row)) continue;
    readers.replace(group.members, row);
    list = [...list.slice(0, at), ...others, row, ...users];
    at--;
  }
  return list;
}

function startsRows({ space, from, count, combine }: ReduceKernel): boolean {
  const row = space.slice(from).reduce((a, b) => a * b, 1);
  return from > 0 && from + count === space.length && combine !== "argmax" && row > 0 && row <= LONGEST_ROW;
}

/** The stored tensors that a kernel reads. */
const rootsOf = onceEach((kernel: Kernel) => kernel.inputs.map(rootOf));

/** Which kernels read what from memory. */
class Readers {
  readonly #of = new Map<Tensor, Set<Kernel>>();

  constructor(kernels: readonly Kernel[]) {
    for (const kernel of kernels) this.#add(kernel);
  }

  anyBut(inside: ReadonlySet<Kernel>, x: Tensor): boolean {
    for (const kernel of this.#of.get(x) ?? []) if (!inside.has(kernel)) return true;
    return false;
  }

  replace(members: readonly Kernel[], row: Kernel): void {
    for (const member of members) for (const x of rootsOf(member)) this.#of.get(x)?.delete(member);
    this.#add(row);
  }

  #add(kernel: Kernel): void {
    for (const x of rootsOf(kernel)) {
      const known = this.#of.get(x);
      if (known === undefined) this.#of.set(x, new Set([kernel]));
      else known.add(kernel);
    }
  }
}

/** Kernels that work on the same rows, each reading what an earlier one gave. */
class RowGroup {
  readonly members: RowMember[];
  readonly #space: Shape;
  readonly #from: number;
  readonly #updated: ReadonlySet<Tensor>;
  readonly #given = new Set<Tensor>();
  /** What others compute from the group: a member that read it would have to come before and after them. */
  readonly #tainted = new Set<Tensor>();

  constructor(first: ReduceKernel, updated: ReadonlySet<Tensor>) {
    this.members = [first];
    this.#space = first.space;
    this.#from = first.from;
    this.#updated = updated;
    for (const x of first.outputs) this.#given.add(x);
  }

  /** Takes the next kernel in, or says whether it computes from what the group gives. */
  offer(kernel: Kernel): "member" | "user" | "other" {
    let [reads, tainted] = [false, false];
    // Every group is offered every kernel behind it: so no more than this for one.
    for (const x of rootsOf(kernel)) {
      reads ||= this.#given.has(x);
      tainted ||= this.#tainted.has(x);
    }
    if (!reads && !tainted) return "other";
    const joins = reads && !tainted && this.#fits(kernel);
    for (const x of kernel.outputs) (joins ? this.#given : this.#tainted).add(x);
    if (!joins) return "user";
    this.members.push(kernel as RowMember);
    return "member";
  }

  #fits(kernel: Kernel): boolean {
    if (kernel.outputs.some((x) => this.#updated.has(x))) return false;
    if (kernel.kind === "reduce") {
      const { space, from, combine } = kernel;
      if (combine === "argmax" || from !== this.#from || !sameShape(space, this.#space) || !startsRows(kernel))
        return false;
    } else if (kernel.kind === "map") {
      if (!sameShape(kernel.shape, this.#space) && !isPerRow(kernel.shape, this.#space, this.#from)) return false;
    } else {
      return false;
    }
    const perRow = kernel.kind === "map" && !sameShape(kernel.shape, this.#space);
    return kernel.bodies.every((body) => this.#readsRows(kernel, body, perRow, new Set()));
  }

  /** Whether the group's values are read where the group computes them. */
  #readsRows(kernel: RowMember, e: Expr, perRow: boolean, seen: Set<Expr>): boolean {
    if (seen.has(e)) return true;
    seen.add(e);
    if (e.kind === "call") return e.args.every((arg) => this.#readsRows(kernel, arg, perRow, seen));
    if (e.kind !== "load") return true;
    if (!this.#given.has(rootOf(kernel.inputs[e.input])))
      return e.index.every((i) => this.#readsRows(kernel, i, perRow, seen));
    const { shape } = kernel.inputs[e.input];
    if (e.guard !== null) return false;
    if (sameShape(shape, this.#space)) return !perRow && isHere(e.index, shape.length);
    return isPerRow(shape, this.#space, this.#from) && isHere(e.index.slice(0, this.#from), this.#from);
  }
}

/** [rows] or [rows, 1 ...]: one value a row. */
export function isPerRow(shape: Shape, space: Shape, from: number): boolean {
  return shape.length >= from && shape.every((n, axis) => (axis < from ? n === space[axis] : n === 1));
}

/** Whether coordinates are those of the element that is computed; an axis of size 1 may say 0. */
function isHere(at: readonly Expr[], rank: number): boolean {
  return at.length === rank && at.every((i, axis) => i.kind === "index" && i.axis === axis);
}
