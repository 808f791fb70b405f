import { threefry } from "../../src/core/random-key.ts";
import type { Floats } from "./run-maths.ts";

type Precision = "float32" | "float64";

/** Numbers in [0, 1), the same in every run. */
function randoms(seed: number): () => number {
  let count = 0;
  return () => {
    const [high, low] = threefry([0, seed], [0, count++]);
    return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
  };
}

const halves = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i + 0.5);

/** Where something changes: reductions, clamps, over- and underflow, the least normal and subnormal numbers. */
const CRITICAL: Readonly<Record<Precision, readonly number[]>> = {
  float32: [88.72283, -87.33655, -103.97208, 8.66434, 16.63553, 18.02, 2 ** -126, 2 ** -149, 2 ** -24],
  float64: [709.782712893384, -708.3964, -745.1332191019411, 36.7368, 38.123, 2 ** -1022, 2 ** -1074, 2 ** -53],
};
const OF_BOTH = [
  0.625,
  1,
  Math.SQRT1_2,
  Math.SQRT2,
  2,
  10,
  20,
  40,
  -0.5,
  -1,
  1e5,
  ...halves(-3, 4).map((k) => k * Math.PI),
];

/** `count` neighbours of x on either side. */
function neighbours(dtype: Precision, x: number, count: number): number[] {
  if (dtype === "float32") {
    const value = Float32Array.of(x);
    const bits = new Int32Array(value.buffer);
    const middle = bits[0] as number;
    return Array.from({ length: 2 * count + 1 }, (_, i) => {
      bits[0] = middle + i - count;
      return value[0] as number;
    });
  }
  const value = Float64Array.of(x);
  const bits = new BigInt64Array(value.buffer);
  const middle = bits[0] as bigint;
  return Array.from({ length: 2 * count + 1 }, (_, i) => {
    bits[0] = middle + BigInt(i - count);
    return value[0] as number;
  });
}

function critical(dtype: Precision, count: number): number[] {
  const points = [...OF_BOTH, ...CRITICAL[dtype], ...halves(-8, 8).map((k) => k * Math.LN2)];
  return points.flatMap((x) => neighbours(dtype, x, count)).flatMap((x) => [x, -x]);
}

/** Every `step`-th of all float32, so all exponents of both signs, infinities and NaN, and what is near critical points. */
export function samplesOfFloat32(step: number): Float32Array {
  const bits = Uint32Array.from({ length: Math.ceil(2 ** 32 / step) }, (_, i) => i * step);
  const edges = Float32Array.from([...critical("float32", 500), 0, -0, Number.POSITIVE_INFINITY, Number.NaN]);
  const all = new Float32Array(bits.length + edges.length);
  all.set(new Float32Array(bits.buffer));
  all.set(edges, bits.length);
  return all;
}

/** Finite float64 of everyday size, of all exponents, and near critical points; none is 0. */
export function samplesOfFloat64(count: number): Float64Array {
  const random = randoms(count);
  const sign = (): number => (random() < 0.5 ? -1 : 1);
  const list = Array.from({ length: count }, (_, i) => {
    if (i % 4 === 0) return sign() * 2 ** Math.floor(random() * 2046 - 1022) * (1 + random());
    if (i % 4 === 1) return sign() * 2 ** Math.floor(random() * 70 - 60) * (1 + random());
    if (i % 4 === 2) return -745.2 + random() * 1455;
    return (random() - 0.5) * 20;
  });
  return Float64Array.from([...list, ...critical("float64", 3)].filter((x) => Number.isFinite(x) && x !== 0));
}

/** Bases of all sizes and powers that keep the result finite, or near the edges. */
export function samplesOfPow(dtype: Precision, count: number): readonly [Floats, Floats] {
  const random = randoms(7);
  const least = dtype === "float32" ? 149 : 1074;
  const greatest = dtype === "float32" ? 128 : 1024;
  const bases = Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? 2 ** (random() * (least + greatest) - least) : 0.5 + random(),
  );
  const xs = dtype === "float32" ? Float32Array.from(bases) : Float64Array.from(bases);
  const powers = Array.from(xs, (x) => ((random() * 2 - 1) * (least + 2) * Math.LN2) / Math.abs(Math.log(x) || 1));
  return [xs, dtype === "float32" ? Float32Array.from(powers) : Float64Array.from(powers)];
}
