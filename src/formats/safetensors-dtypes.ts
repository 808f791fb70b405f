import { allocate, BYTES, type DType, type TypedArray, viewOf } from "../core/dtype.ts";

/** How the values of one dtype of safetensors become an array of ours; a string says why they do not. */
export interface StoredDType {
  /** Bytes per stored value. */
  readonly bytes: number;
  readonly dtype: DType;
  decode(stored: Uint8Array): TypedArray | string;
}

export const STORED_DTYPES: Readonly<Record<string, StoredDType>> = {
  F64: asStored("float64"),
  F32: asStored("float32"),
  I32: asStored("int32"),
  U32: asStored("uint32"),
  U8: asStored("uint8"),
  BOOL: { bytes: 1, dtype: "bool", decode: decodeBool },
  I64: { bytes: 8, dtype: "int32", decode: decodeInt64 },
  F16: { bytes: 2, dtype: "float32", decode: (stored) => decodeHalves(stored, float16Bits) },
  BF16: { bytes: 2, dtype: "float32", decode: (stored) => decodeHalves(stored, bfloat16Bits) },
};

export const STORED_NAMES: Readonly<Record<DType, string>> = {
  float32: "F32",
  float64: "F64",
  int32: "I32",
  bool: "BOOL",
  uint8: "U8",
  uint32: "U32",
};

/** A copy: the array outlives the file's bytes, which may also lie unaligned. (A Buffer's `slice` would not copy.) */
function copyOf(stored: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(stored.length);
  copy.set(stored);
  return copy.buffer;
}

function asStored(dtype: DType): StoredDType {
  const bytes = BYTES[dtype];
  return { bytes, dtype, decode: (stored) => viewOf(dtype, copyOf(stored), 0, stored.length / bytes) };
}

function decodeBool(stored: Uint8Array): TypedArray | string {
  const at = stored.findIndex((value) => value > 1);
  return at < 0 ? new Uint8Array(copyOf(stored)) : `value ${at} is ${stored[at]}, but a bool is 0 or 1`;
}

/** int64 exists in files only: 2^31 and beyond would silently change as int32 and from 2^53 on as float64. */
function decodeInt64(stored: Uint8Array): TypedArray | string {
  const source = new BigInt64Array(copyOf(stored));
  const values = new Int32Array(source.length);
  for (let i = 0; i < source.length; i++) {
    values[i] = Number(source[i]);
    if (BigInt(values[i]) !== source[i]) return `value ${i} is ${source[i]}, which does not fit int32`;
  }
  return values;
}

function decodeHalves(stored: Uint8Array, toFloat32Bits: (half: number) => number): TypedArray {
  const halves = new Uint16Array(copyOf(stored));
  const values = allocate("float32", halves.length);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < halves.length; i++) bits[i] = toFloat32Bits(halves[i]);
  return values;
}

/** bfloat16 is the upper half of a float32. */
function bfloat16Bits(half: number): number {
  return half << 16;
}

/** float16: sign, 5 bits of exponent (bias 15), 10 of mantissa; float32 has 8 (bias 127) and 23. */
function float16Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (mantissa << 13); // infinity, or a NaN with its payload
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (mantissa << 13);
  if (mantissa === 0) return sign;
  // A subnormal, mantissa * 2^-24, is a normal number in float32: shift until the leading bit is the hidden one.
  const shift = Math.clz32(mantissa) - 21;
  return sign | ((113 - shift) << 23) | (((mantissa << shift) & 0x3ff) << 13);
}
