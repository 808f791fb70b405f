import type { DType } from "../../core/dtype.ts";
import { stridesOf } from "../../core/shape.ts";
import type { Shape } from "../../core/shape-types.ts";
import { affineOf, affineOffset } from "../../ir/affine.ts";
import { type Expr, load, s } from "../../ir/expr.ts";
import { type Linear, linearize } from "../../ir/linearize.ts";
import { expandMaths } from "../../ir/maths/expand.ts";

/**
 * What a kernel reads at each step of its loops: `offset + sum of strides[d] * counter[d]`, in elements. A "load"
 * reads an input there (plus a computed base, where an index is data); a "coordinate" is that number itself.
 */
export interface Access {
  readonly kind: "load" | "coordinate";
  readonly input: number;
  readonly dtype: DType;
  readonly strides: readonly number[];
  readonly offset: number;
  readonly based: boolean;
}

/** Loops over `dims` with straight-line code inside; loads in the code number `accesses`. */
export interface Lowered {
  readonly dims: readonly number[];
  /** How many of the loops belong to each run of axes between walls; every run has at least one. */
  readonly segments: readonly number[];
  readonly accesses: readonly Access[];
  readonly body: Linear;
}

/**
 * Lowers bodies over `space` to loops: addresses become strides, and neighbouring axes that every access walks
 * through as one become one loop. `walls` are axes before which loops may not be joined.
 */
export function lower(
  space: Shape,
  inputs: readonly Shape[],
  bodies: readonly Expr[],
  walls: readonly number[] = [],
): Lowered {
  return lowerTogether(space, inputs, [bodies], walls)[0];
}

/** Lowers groups of bodies that share their loops and accesses: a body for each group. */
export function lowerTogether(
  space: Shape,
  inputs: readonly Shape[],
  groups: readonly (readonly Expr[])[],
  walls: readonly number[],
): Lowered[] {
  const lowering = new Lowering(space.length, inputs);
  const expanded = new Map<Expr, Expr>();
  const roots = groups.map((bodies) => bodies.map((body) => lowering.visit(expandMaths(body, expanded))));
  const loops = lowering.loops(space, walls);
  return roots.map((bodies) => ({ ...loops, body: linearize(bodies) }));
}

class Lowering {
  readonly #rank: number;
  readonly #inputStrides: readonly (readonly number[])[];
  readonly #accesses: Access[] = [];
  /** By input (-1: coordinates), what is there already, each with its computed base and guard as text. */
  readonly #slots = new Map<number, { readonly slot: number; readonly extra: string }[]>();
  readonly #done = new Map<Expr, Expr>();

  constructor(rank: number, inputs: readonly Shape[]) {
    this.#rank = rank;
    this.#inputStrides = inputs.map(stridesOf);
  }

  visit(e: Expr): Expr {
    const known = this.#done.get(e);
    if (known !== undefined) return known;
    const result = this.#visit(e);
    this.#done.set(e, result);
    return result;
  }

  #visit(e: Expr): Expr {
    if (e.kind === "const") return e;
    if (e.kind === "load") return this.#load(e);
    if (e.dtype === "int32") {
      const affine = affineOf(e);
      const walk = affine === null ? null : wrapped(this.#strides(affine));
      if (walk !== null) {
        const access = {
          kind: "coordinate",
          input: -1,
          dtype: "int32",
          ...walk,
          based: false,
        } as const;
        return this.#slot(access, [], null);
      }
    }
    if (e.kind !== "call") throw new RangeError(`a ${e.kind} outside any loop`);
    return { ...e, args: e.args.map((arg) => this.visit(arg)) };
  }

  #load(e: Expr & { kind: "load" }): Expr {
    const strides = this.#inputStrides[e.input];
    const guard = e.guard === null ? null : this.visit(e.guard);
    const common = { kind: "load" as const, input: e.input, dtype: e.dtype };
    const whole = affineOffset(e.index, strides);
    if (whole !== null) return this.#slot({ ...common, ...this.#strides(whole), based: false }, [], guard);
    // Indices that are data make up the base; the rest stays a walk.
    const straight = e.index.map((i) => (affineOf(i) === null ? s0 : i));
    const rest = this.#strides(affineOffset(straight, strides) as NonNullable<typeof whole>);
    let base: Expr | null = null;
    e.index.forEach((i, axis) => {
      if (affineOf(i) !== null) return;
      const term = s.mul(this.visit(i), strides[axis]);
      base = base === null ? term : s.add(base, term);
    });
    return this.#slot({ ...common, ...rest, based: true }, base === null ? [] : [base], guard);
  }

  #strides(affine: { offset: number; index: ReadonlyMap<number, number> }): Walk {
    return {
      strides: Array.from({ length: this.#rank }, (_, axis) => affine.index.get(axis) ?? 0),
      offset: affine.offset,
    };
  }

  #slot(access: Access, base: readonly Expr[], guard: Expr | null): Expr {
    const extra = base.length === 0 && guard === null ? "" : linearize(guard === null ? base : [...base, guard]).key;
    const there = this.#slots.get(access.input) ?? [];
    if (there.length === 0) this.#slots.set(access.input, there);
    let slot = there.find((known) => known.extra === extra && isSameWalk(this.#accesses[known.slot], access))?.slot;
    if (slot === undefined) {
      slot = this.#accesses.push(access) - 1;
      there.push({ slot, extra });
    }
    return load(slot, access.dtype, base, guard);
  }

  loops(space: Shape, walls: readonly number[]): Omit<Lowered, "body"> {
    const bounds = [0, ...walls, space.length];
    const segments = bounds.slice(1).map((end, i) => joinedAxes(space, bounds[i], end, this.#accesses));
    const groups = segments.flat();
    const dims = groups.map((group) => group.size);
    const accesses = this.#accesses.map((a) => ({ ...a, strides: groups.map(({ axis }) => a.strides[axis] ?? 0) }));
    return { dims, segments: segments.map((groups) => groups.length), accesses };
  }
}

interface Walk {
  readonly strides: readonly number[];
  readonly offset: number;
}

/** An int32 that walks in straight lines, modulo 2^32; null where float64 has lost some of its bits. */
function wrapped({ strides, offset }: Walk): Walk | null {
  if (![...strides, offset].every(Number.isSafeInteger)) return null;
  return { strides: strides.map((n) => n | 0), offset: offset | 0 };
}

function isSameWalk(a: Access, b: Access): boolean {
  return a.dtype === b.dtype && a.offset === b.offset && a.strides.every((n, axis) => n === b.strides[axis]);
}

const s0: Expr = { kind: "const", dtype: "int32", value: 0 };

/** Axes that became one loop: its length, and the innermost axis, whose step is the loop's (-1: no axis). */
interface Group {
  size: number;
  axis: number;
}

/** Neighbouring axes from..to-1 that every access walks through as one, joined. Axes of size 1 vanish. */
function joinedAxes(space: Shape, from: number, to: number, accesses: readonly Access[]): Group[] {
  const groups: Group[] = [];
  for (let axis = from; axis < to; axis++) {
    const size = space[axis];
    if (size === 1) continue;
    const last = groups[groups.length - 1];
    // Stepping over the end of this axis must be stepping the one before it.
    if (last !== undefined && accesses.every((a) => a.strides[last.axis] === a.strides[axis] * size)) {
      last.size *= size;
      last.axis = axis;
    } else {
      groups.push({ size, axis });
    }
  }
  return groups.length === 0 ? [{ size: 1, axis: -1 }] : groups;
}
