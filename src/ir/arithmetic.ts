import { type DType, isFloat } from "../core/dtype.ts";

/** A float64 result as a value of the dtype: floats round to the nearest, ints wrap modulo 2^bits. */
export const ROUND: Readonly<Record<DType, (x: number) => number>> = {
  float32: Math.fround,
  float64: (x) => x,
  int32: (x) => x | 0,
  uint32: (x) => x >>> 0,
  uint8: (x) => x & 255,
  bool: (x) => (x === 0 ? 0 : 1),
};

/** The least and the greatest value of an int dtype. */
const LIMITS: Readonly<Record<"int32" | "uint32" | "uint8", readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  uint8: [0, 255],
};

/** cast: float -> int truncates and saturates, NaN -> 0; int -> int wraps; x -> bool is x != 0, so NaN is true. */
export function toDType(x: () => number, from: DType, to: DType): () => number {
  if (to === "float32" || to === "float64" || to === "bool" || !isFloat(from)) {
    const round = ROUND[to];
    return () => round(x());
  }
  const [least, greatest] = LIMITS[to];
  return () => saturate(x(), least, greatest);
}

function saturate(x: number, least: number, greatest: number): number {
  // + 0 turns -0 into 0: an int has no negative zero.
  return Number.isNaN(x) ? 0 : Math.min(Math.max(Math.trunc(x), least), greatest) + 0;
}

/** floor(x / y), and 0 for y = 0. The float64 quotient of two 32-bit ints never rounds across an integer. */
export function divideFloor(x: number, y: number): number {
  return y === 0 ? 0 : Math.floor(x / y);
}

/** x - y floor(x / y), which has y's sign; 0 for y = 0. */
export function modFloor(x: number, y: number): number {
  return y === 0 ? 0 : x - y * Math.floor(x / y);
}

/** The nearest integer, and of two the even one; -0.4 gives -0. */
export function roundHalfEven(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < 2 ** 52)) return x;
  // Adding 2^52 leaves no bits behind the point, and float64 addition rounds half to even.
  const rounded = magnitude + 2 ** 52 - 2 ** 52;
  return x < 0 || Object.is(x, -0) ? -rounded : rounded;
}

type Precise = Readonly<Record<"float32" | "float64", (x: number, y: number) => number>>;

/** x * 2^n, rounded once. */
export const scaleByPowerOfTwo: Precise = {
  // In float64 a float32 times 2^n is exact for |n| <= 300; beyond, the result is 0 or infinite either way.
  float32: (x, n) => Math.fround(x * 2 ** Math.min(Math.max(n, -300), 300)),
  float64: (x, n) => {
    let y = x;
    let k = n;
    for (; k > 1023; k -= 1023) y *= 2 ** 1023;
    // A step of 2^-969 that rounds (y < 2^-53) leaves at least 2^-54 to go: the result is 0 however it rounded.
    for (; k < -1022; k += 969) y *= 2 ** -969;
    return y * 2 ** k;
  },
};

const SCRATCH = new DataView(new ArrayBuffer(8));

/** The exponent's bits less their bias: floor(log2 |x|) of a normal x, -127 (-1023) of 0 and subnormals. */
export const exponentOf: Precise = {
  float32: (x) => {
    SCRATCH.setFloat32(0, x);
    return ((SCRATCH.getInt32(0) >>> 23) & 0xff) - 127;
  },
  float64: (x) => {
    SCRATCH.setFloat64(0, x);
    return ((SCRATCH.getInt32(0) >>> 20) & 0x7ff) - 1023;
  },
};

/** x with the exponent's bits of 1. */
export const mantissaOf: Precise = {
  float32: (x) => {
    SCRATCH.setFloat32(0, x);
    SCRATCH.setInt32(0, (SCRATCH.getInt32(0) & 0x807fffff) | 0x3f800000);
    return SCRATCH.getFloat32(0);
  },
  float64: (x) => {
    SCRATCH.setFloat64(0, x);
    SCRATCH.setInt32(0, (SCRATCH.getInt32(0) & 0x800fffff) | 0x3ff00000);
    return SCRATCH.getFloat64(0);
  },
};
