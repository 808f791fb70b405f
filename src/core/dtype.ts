import { DTypeError } from "./errors.ts";
import type { Any } from "./shape-types.ts";

/** What one value of a tensor is. */
export type DType = "float32" | "float64" | "int32" | "bool" | "uint8" | "uint32";

/** Host arrays; a bool is one byte, 0 or 1. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array | Uint32Array;

export interface DTypeArrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  bool: Uint8Array;
  uint8: Uint8Array;
  uint32: Uint32Array;
}

export const BYTES: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  int32: 4,
  bool: 1,
  uint8: 1,
  uint32: 4,
};

type ArrayConstructor = {
  new (size: number): TypedArray;
  new (buffer: ArrayBufferLike, byteOffset: number, size: number): TypedArray;
};

const CONSTRUCTORS: Readonly<Record<DType, ArrayConstructor>> = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
  uint8: Uint8Array,
  uint32: Uint32Array,
};

export function isDType(name: unknown): name is DType {
  return typeof name === "string" && Object.hasOwn(BYTES, name);
}

export function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64";
}

/** A zeroed host array of `size` values. */
export function allocate(dtype: DType, size: number): TypedArray {
  return new CONSTRUCTORS[dtype](size);
}

/** A view of `size` values of a buffer, without a copy. */
export function viewOf(dtype: DType, buffer: ArrayBufferLike, byteOffset: number, size: number): TypedArray {
  return new CONSTRUCTORS[dtype](buffer, byteOffset, size);
}

/** The dtype whose host array this is; a Uint8Array is uint8. */
export function dtypeOfArray(array: TypedArray): DType {
  if (array instanceof Float32Array) return "float32";
  if (array instanceof Float64Array) return "float64";
  if (array instanceof Int32Array) return "int32";
  return array instanceof Uint32Array ? "uint32" : "uint8";
}

const RANK: Readonly<Record<DType, number>> = { bool: 0, uint8: 1, int32: 2, float32: 3, float64: 4, uint32: -1 };

/** bool < uint8 < int32 < float32 < float64; uint32 (random keys) mixes with nothing else. */
export function promote(a: DType, b: DType, where: string): DType {
  if (a === b) return a;
  if (a === "uint32" || b === "uint32") {
    throw new DTypeError(`${where}: uint32 does not mix with ${a === "uint32" ? b : a}. Cast one of them first.`);
  }
  return RANK[a] > RANK[b] ? a : b;
}

/**
 * What `promote` gives, as a type; `never` stands for a JavaScript number, so Promote<D, never> is D for floats and
 * "not known here" for ints: only the run sees whether the number is whole, and which dtype is floatx.
 */
export type Promote<A extends DType, B extends DType> = [A] extends [never]
  ? Extended<B>
  : [B] extends [never]
    ? Extended<A>
    : DType extends A | B
      ? Any
      : A extends B
        ? A
        : "uint32" extends A | B
          ? Any
          : "float64" extends A | B
            ? "float64"
            : "float32" extends A | B
              ? "float32"
              : "int32" extends A | B
                ? "int32"
                : "uint8";
type Extended<D extends DType> = [D] extends ["float32" | "float64"] ? D : Any;

let floatxDType: "float32" | "float64" = "float32";

/** The dtype that JavaScript numbers take: "float32" unless set. */
export function floatx(): "float32" | "float64" {
  return floatxDType;
}

/** Sets the dtype that JavaScript numbers, weights and random floats take. */
export function setFloatx(dtype: "float32" | "float64"): void {
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DTypeError(`setFloatx: expected "float32" or "float64", got ${JSON.stringify(dtype)}.`);
  }
  floatxDType = dtype;
}

/** The dtype of an operation between a tensor and a JavaScript number: int32 + 1 is int32, int32 + 0.5 is floatx, uint8 + 300 is int32. */
export function promoteNumber(dtype: DType, value: number): DType {
  if (isFloat(dtype)) return dtype;
  if (!Number.isInteger(value)) return floatxDType;
  // A byte cannot hold every whole number: x > 300 must not become x > 44.
  if (dtype === "uint8") return value >= 0 && value <= 255 ? "uint8" : "int32";
  return dtype === "bool" ? "int32" : dtype;
}
