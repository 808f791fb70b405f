import { type DType, isFloat } from "../../core/dtype.ts";
import { ROUND } from "../../ir/arithmetic.ts";
import type { Combine } from "../../ir/expr.ts";

/** Joins the elements of one reduction, in order. */
export interface Joiner {
  start(initial: number | null): void;
  take(value: number): void;
  result(): number;
}

const LEAST: Readonly<Record<DType, number>> = {
  float32: Number.NEGATIVE_INFINITY,
  float64: Number.NEGATIVE_INFINITY,
  int32: -(2 ** 31),
  uint32: 0,
  uint8: 0,
  bool: 0,
};

const GREATEST: Readonly<Record<DType, number>> = {
  float32: Number.POSITIVE_INFINITY,
  float64: Number.POSITIVE_INFINITY,
  int32: 2 ** 31 - 1,
  uint32: 2 ** 32 - 1,
  uint8: 255,
  bool: 1,
};

/** acc = step(acc, value); floats accumulate in float64 and round at the end, ints wrap at every step. */
function folding(dtype: DType, neutral: number, step: (acc: number, value: number) => number): Joiner {
  const round = ROUND[dtype];
  const next = isFloat(dtype) ? step : (acc: number, value: number) => round(step(acc, value));
  let acc = neutral;
  return {
    start: (initial) => {
      acc = initial ?? neutral;
    },
    take: (value) => {
      acc = next(acc, value);
    },
    result: () => round(acc),
  };
}

/** The position of the first greatest value; the first NaN wins over any. */
function firstGreatest(): Joiner {
  let best = 0;
  let at = 0;
  let seen = 0;
  return {
    start: () => {
      at = 0;
      seen = 0;
    },
    take: (value) => {
      const better = value > best || (Number.isNaN(value) && !Number.isNaN(best));
      if (seen === 0 || better) {
        best = value;
        at = seen;
      }
      seen++;
    },
    result: () => at,
  };
}

const JOINERS: Readonly<Record<Combine, (dtype: DType) => Joiner>> = {
  sum: (dtype) => folding(dtype, 0, (acc, value) => acc + value),
  prod: (dtype) => folding(dtype, 1, isFloat(dtype) ? (acc, value) => acc * value : Math.imul),
  max: (dtype) => folding(dtype, LEAST[dtype], (acc, value) => Math.max(acc, value)),
  min: (dtype) => folding(dtype, GREATEST[dtype], (acc, value) => Math.min(acc, value)),
  argmax: firstGreatest,
};

/** What joins values of `dtype` by `combine`. */
export function joiner(combine: Combine, dtype: DType): Joiner {
  return JOINERS[combine](dtype);
}
