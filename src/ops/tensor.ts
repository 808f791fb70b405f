import { allocate, type DType, dtypeOfArray, floatx, isDType, isFloat, type TypedArray } from "../core/dtype.ts";
import { DTypeError, ShapeError, ValueError } from "../core/errors.ts";
import { assertShape, shapeText, sizeOf } from "../core/shape.ts";
import type { Mutable, Shape, ShapeOf } from "../core/shape-types.ts";
import { hostTensor, type Nested, Tensor } from "../graph/tensor.ts";

/** The dtype of values for which none is given: that of a typed array, bool for booleans, floatx for numbers (typed float32). */
type DTypeOf<T> = T extends Float32Array
  ? "float32"
  : T extends Float64Array
    ? "float64"
    : T extends Int32Array
      ? "int32"
      : T extends Uint32Array
        ? "uint32"
        : T extends Uint8Array | Uint8ClampedArray
          ? "uint8"
          : [T] extends [boolean | readonly boolean[] | readonly (readonly boolean[])[]]
            ? "bool"
            : "float32";

/** `shape` where it is given, otherwise that of the nesting; a typed array is a vector. */
type TensorShape<T, S> = S extends Shape ? Mutable<S> : T extends Nested ? ShapeOf<T> : [number];

interface TensorOptions<S, D> {
  /** Lays the values out anew, in row-major order. */
  readonly shape?: S;
  readonly dtype?: D;
}

/**
 * A tensor that copies nested arrays or a typed array: `tensor([[1, 2], [3, 4]])`,
 * `tensor(pixels, { shape: [28, 28], dtype: "float32" })`. An int must be whole and in range, for nothing is rounded.
 */
export function tensor<
  const T extends Nested | TypedArray | Uint8ClampedArray,
  const S extends Shape | undefined = undefined,
  const D extends DType = DTypeOf<T>,
>(values: T, options: TensorOptions<S, D> = {}): Tensor<TensorShape<T, S>, NoInfer<D>> {
  const flat = isTypedArray(values) ? { values, shape: [values.length] } : flatten(values);
  const dtype = options.dtype ?? naturalDType(flat.values);
  if (!isDType(dtype)) {
    throw new DTypeError(
      `tensor: unknown dtype ${JSON.stringify(dtype)}. Use float32, float64, int32, bool, uint8 or uint32.`,
    );
  }
  const shape = options.shape ?? flat.shape;
  assertShape(shape, "tensor");
  if (sizeOf(shape) !== flat.values.length) {
    throw new ShapeError(
      `tensor: got ${flat.values.length} values, but shape ${shapeText(shape)} holds ${sizeOf(shape)}. Give as many values as the shape holds.`,
    );
  }
  return hostTensor(copied(flat.values, dtype, flat.shape), shape, dtype);
}

type Flat = readonly (number | boolean)[] | TypedArray | Uint8ClampedArray;

function isTypedArray(values: unknown): values is TypedArray | Uint8ClampedArray {
  return ArrayBuffer.isView(values) && !(values instanceof DataView);
}

function naturalDType(values: Flat): DType {
  if (!Array.isArray(values)) {
    for (const known of [Float32Array, Float64Array, Int32Array, Uint32Array, Uint8Array]) {
      if (values instanceof known) return dtypeOfArray(values);
    }
    if (values instanceof Uint8ClampedArray) return "uint8";
    throw new DTypeError(
      `tensor: no dtype holds the values of ${describe(values)} as they are. Name one: tensor(values, { dtype: "int32" }).`,
    );
  }
  return values.length > 0 && values.every((value) => typeof value === "boolean") ? "bool" : floatx();
}

/** Nested arrays in row-major order; every array at one depth has the same length. */
function flatten(nested: unknown): { readonly values: (number | boolean)[]; readonly shape: number[] } {
  const shape: number[] = [];
  for (let first = nested; Array.isArray(first); first = first[0]) shape.push(first.length);
  const values: (number | boolean)[] = [];
  const path: number[] = [];
  const visit = (part: unknown): void => {
    const axis = path.length;
    if (axis === shape.length) {
      values.push(asValue(part, path));
      return;
    }
    if (!Array.isArray(part) || part.length !== shape[axis]) throw raggedError(part, path, shape[axis]);
    for (let i = 0; i < part.length; i++) {
      const value: unknown = part[i];
      if (typeof value === "number" && axis === shape.length - 1) {
        values.push(value);
        continue;
      }
      path.push(i);
      visit(value);
      path.pop();
    }
  };
  visit(nested);
  return { values, shape };
}

/** `[1][0]`: where a value stands in nested arrays. */
function placeText(path: readonly number[]): string {
  return path.length === 0 ? "the value" : `the value at ${path.map((i) => `[${i}]`).join("")}`;
}

function asValue(value: unknown, path: readonly number[]): number | boolean {
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) throw raggedError(value, path, null);
  const advice =
    value instanceof Tensor
      ? "Use stack([...]) to join tensors."
      : "Use nested arrays of numbers or booleans, or a typed array.";
  throw new ValueError(`tensor: ${placeText(path)} is ${describe(value)}. ${advice}`);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Tensor) return `a tensor of shape ${shapeText(value.shape)}`;
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" ? `an object (${value.constructor?.name ?? "no class"})` : `a ${typeof value}`;
}

/** `expected` is the length of the list's first sibling; null where that is a number. */
function raggedError(part: unknown, path: readonly number[], expected: number | null): ShapeError {
  const got = Array.isArray(part) ? `${part.length} values` : describe(part);
  const wanted = expected === null ? "a number" : `${expected} values`;
  const first = "[0]".repeat(path.length);
  return new ShapeError(
    `tensor: ragged list: ${placeText(path)} has ${got}, but ${first} has ${wanted}. Give every list at one depth the same length.`,
  );
}

const INT_LIMITS = { int32: [-(2 ** 31), 2 ** 31 - 1], uint32: [0, 2 ** 32 - 1], uint8: [0, 255] } as const;

function copied(values: Flat, dtype: DType, shape: readonly number[]): TypedArray {
  const array = allocate(dtype, values.length);
  if (isFloat(dtype)) {
    array.set(values as ArrayLike<number>); // true becomes 1
    return array;
  }
  const limits = dtype === "bool" ? null : INT_LIMITS[dtype as keyof typeof INT_LIMITS];
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (limits !== null && !(Number.isInteger(value) && value >= limits[0] && value <= limits[1])) {
      throw intError(value, dtype, i, shape);
    }
    array[i] = dtype === "bool" ? Number(value !== 0) : value;
  }
  return array;
}

function intError(value: number, dtype: DType, at: number, shape: readonly number[]): ValueError {
  const path: number[] = [];
  let rest = at;
  for (const size of shape.toReversed()) {
    path.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  const advice = `Use tensor(values).cast("${dtype}") to truncate and saturate.`;
  return new ValueError(`tensor: ${placeText(path)} is ${value}, which no ${dtype} can hold. ${advice}`);
}
