import type { FunctionBuilder } from "../assembler/function-builder.ts";

/** The float dtypes that hand-made kernels compute in. */
export type FloatDType = "float32" | "float64";

/** How one float dtype lies in a 16-byte vector, with the instructions that work on it. */
export interface LaneType {
  readonly dtype: FloatDType;
  readonly scalar: "f32" | "f64";
  readonly bytes: 4 | 8;
  readonly lanes: 4 | 2;
  readonly load: "f32.load" | "f64.load";
  readonly store: "f32.store" | "f64.store";
  readonly loadSplat: "v128.load32_splat" | "v128.load64_splat";
  readonly loadLane: "v128.load32_lane" | "v128.load64_lane";
  readonly storeLane: "v128.store32_lane" | "v128.store64_lane";
  readonly mul: "f32x4.mul" | "f64x2.mul";
  readonly add: "f32x4.add" | "f64x2.add";
  readonly le: "f32x4.le" | "f64x2.le";
  readonly relaxedMadd: "f32x4.relaxed_madd" | "f64x2.relaxed_madd";
}

export const vectorBytes = 16;

export const laneTypes: Readonly<Record<FloatDType, LaneType>> = {
  float32: {
    dtype: "float32",
    scalar: "f32",
    bytes: 4,
    lanes: 4,
    load: "f32.load",
    store: "f32.store",
    loadSplat: "v128.load32_splat",
    loadLane: "v128.load32_lane",
    storeLane: "v128.store32_lane",
    mul: "f32x4.mul",
    add: "f32x4.add",
    le: "f32x4.le",
    relaxedMadd: "f32x4.relaxed_madd",
  },
  float64: {
    dtype: "float64",
    scalar: "f64",
    bytes: 8,
    lanes: 2,
    load: "f64.load",
    store: "f64.store",
    loadSplat: "v128.load64_splat",
    loadLane: "v128.load64_lane",
    storeLane: "v128.store64_lane",
    mul: "f64x2.mul",
    add: "f64x2.add",
    le: "f64x2.le",
    relaxedMadd: "f64x2.relaxed_madd",
  },
};

/** Emits `sum = sum + x * y` over vector locals. */
export type MultiplyAdd = (f: FunctionBuilder, lane: LaneType, sum: number, x: number, y: number) => void;

/** Rounds the product, then the sum: the same bits on every engine. */
export const multiplyThenAdd: MultiplyAdd = (f, lane, sum, x, y) => {
  f.get(sum).get(x).get(y).op(lane.mul).op(lane.add).set(sum);
};

/** One rounding where the machine has FMA, two where not: needs relaxed SIMD (Node >= 22, Chrome >= 114). */
export const relaxedMultiplyAdd: MultiplyAdd = (f, lane, sum, x, y) => {
  f.get(x).get(y).get(sum).op(lane.relaxedMadd).set(sum);
};

/** How a matrix lies in memory: row after row, each of k elements ("rows"), or k after k ("k"). */
export type MajorOrder = "rows" | "k";
