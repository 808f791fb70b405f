import type { DType, DTypeArrays, TypedArray } from "../core/dtype.ts";
import { TraceError } from "../core/errors.ts";
import { shapeText, sizeOf } from "../core/shape.ts";
import type { Any, Shape } from "../core/shape-types.ts";
import { executor } from "./executor.ts";
import type { Node } from "./node.ts";
import type { TensorMethods } from "./tensor-methods.ts";

/** Where a tensor's values are: a host array, or the output of a node that has not run (or is being traced). */
export type Source =
  | { readonly kind: "host"; readonly array: TypedArray }
  | { readonly kind: "node"; readonly node: Node; readonly output: number };

/** The shape and dtype an operand carries; a plain number is a scalar of the other side's dtype. */
export type S_<A> = A extends Tensor<infer S, Any> ? S : [];
export type D_<A> = A extends Tensor<Any, infer D> ? D : never;

/** Nested arrays of numbers (or booleans). */
export type Nested = number | boolean | readonly Nested[];

/**
 * An immutable array of one dtype. The garbage collector takes it; there is nothing to dispose of.
 * Its operations are methods too (tensor-methods.ts declares them, ops/index.ts installs them).
 */
export class Tensor<out S extends Shape = Any, out D extends DType = Any> {
  declare readonly "~shape": S;
  readonly shape: { readonly [I in keyof S]: number };
  readonly dtype: D;
  #source: Source;

  /** Use `tensor(values)`, `zeros(shape)` and the like; this constructor does not copy. */
  constructor(shape: { readonly [I in keyof S]: number }, dtype: D, source: Source) {
    this.shape = shape;
    this.dtype = dtype;
    this.#source = source;
  }

  /** The number of values. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** For the engine: where the values are. */
  get "~source"(): Source {
    return this.#source;
  }

  /** For the engine: a lazy node has been computed. */
  "~settle"(array: TypedArray): void {
    this.#source = { kind: "host", array };
  }

  /** For traces: another node computes it now. */
  "~move"(node: Node, output: number): void {
    this.#source = { kind: "node", node, output };
  }

  /** A copy of the values in row-major order. */
  data(): Promise<DTypeArrays[D]> {
    return executor()
      .read(this)
      .then((array) => array.slice() as DTypeArrays[D]);
  }

  /** A copy of the values in row-major order, at once (on a CPU). */
  dataSync(): DTypeArrays[D] {
    return executor().readSync(this).slice() as DTypeArrays[D];
  }

  /** The values as nested arrays. */
  async array(): Promise<Nested> {
    return nest(await executor().read(this), this.shape, this.dtype);
  }

  /** The values as nested arrays, at once (on a CPU). */
  arraySync(): Nested {
    return nest(executor().readSync(this), this.shape, this.dtype);
  }

  /** The values as NumPy prints them, then shape and dtype. */
  toString(): string {
    return executor().print(this);
  }

  /** A traced tensor has no values yet: `if (x > 0)` throws rather than decide by accident. */
  [Symbol.toPrimitive](hint: string): string | number {
    if (hint === "string") return this.toString();
    if (this.size !== 1) {
      throw new TraceError(
        `a tensor of shape ${shapeText(this.shape)} is not one number. Use dataSync() or arraySync().`,
      );
    }
    return Number(executor().readSync(this)[0]);
  }
}

export interface Tensor<out S extends Shape = Any, out D extends DType = Any> extends TensorMethods<S, D> {}

function nest(values: TypedArray, shape: Shape, dtype: DType): Nested {
  let at = 0;
  const build = (axis: number): Nested => {
    if (axis === shape.length) {
      const value = values[at++] as number;
      return dtype === "bool" ? value !== 0 : value;
    }
    return Array.from({ length: shape[axis] as number }, () => build(axis + 1));
  };
  return build(0);
}

/** A tensor over a host array, which it takes: the caller no longer writes to it. */
export function hostTensor(array: TypedArray, shape: Shape, dtype: DType): Tensor {
  return new Tensor<Any, Any>(Object.freeze([...shape]), dtype, { kind: "host", array });
}
