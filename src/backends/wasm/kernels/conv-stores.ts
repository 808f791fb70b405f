// tested by src/backends/wasm/kernels/conv.test.ts
import type { FunctionBuilder } from "../assembler/function-builder.ts";
import { type LaneType, vectorBytes } from "./lane-type.ts";

/** Where `relu` is not 0: x = select(x <= 0, 0, x), so that NaN stays and -0 becomes 0. */
export function emitRelu(
  f: FunctionBuilder,
  lane: LaneType,
  relu: number,
  vectors: readonly number[],
  zeros: number,
): void {
  f.get(relu).if_().f32x4const(0).set(zeros);
  for (const x of vectors) f.get(x).get(x).get(zeros).op(lane.le).op("v128.andnot").set(x);
  f.end();
}

/** Stores whole vectors side by side. */
export function emitVectors(f: FunctionBuilder, target: number, vectors: readonly number[]): void {
  vectors.forEach((vector, v) => {
    f.get(target)
      .get(vector)
      .store("v128.store", v * vectorBytes);
  });
}

/** Stores vectors at a target, the last one with as many `lanes` (a local) as there are columns left. */
export function emitColumns(
  f: FunctionBuilder,
  lane: LaneType,
  lanes: number,
  target: number,
  vectors: readonly number[],
): void {
  f.get(lanes).i32const(lane.lanes).op("i32.eq").if_();
  emitVectors(f, target, vectors);
  f.else_();
  emitPartial(f, lane, lanes, target, vectors);
  f.end();
}

/** The same where the last one is not whole. */
export function emitPartial(
  f: FunctionBuilder,
  lane: LaneType,
  lanes: number,
  target: number,
  vectors: readonly number[],
): void {
  const last = vectors.length - 1;
  emitVectors(f, target, vectors.slice(0, last));
  for (let l = 0; l < lane.lanes - 1; l++) {
    if (l > 0) f.get(lanes).i32const(l).op("i32.gt_u").if_();
    f.get(target)
      .get(vectors[last])
      .storeLane(lane.storeLane, last * vectorBytes + l * lane.bytes, l);
    if (l > 0) f.end();
  }
}
