import { describe, expect, it } from "vitest";
import { ENGINES } from "../../test/support/engines.ts";
import type { Tensor } from "../graph/tensor.ts";
import { tensor } from "../ops/tensor.ts";
import { clipByGlobalNorm, clipByNorm, clipByValue } from "./clip-gradients.ts";

const values = (x: Tensor): number[] => [...x.dataSync()];

describe.each(ENGINES)("on $name", ({ use }) => {
  it("clipByValue brings every element into the range", () => {
    use(() => {
      expect(values(clipByValue(tensor([-3, 0.5, 3, Infinity, Number.NaN]), 2))).toEqual([-2, 0.5, 2, 2, Number.NaN]);
    });
  });

  it("clipByNorm keeps the direction, and gradients that are small or 0", () => {
    use(() => {
      expect(values(clipByNorm(tensor([3, 4]), 1))).toEqual([Math.fround(0.6), Math.fround(0.8)]);
      expect(values(clipByNorm(tensor([3, 4]), 5))).toEqual([3, 4]);
      expect(values(clipByNorm(tensor([3, 4]), 8))).toEqual([3, 4]);
      expect(values(clipByNorm(tensor([0, 0]), 1))).toEqual([0, 0]);
    });
  });

  it("clipByGlobalNorm scales all alike", () => {
    use(() => {
      const clipped = clipByGlobalNorm([tensor([3]), tensor([[0, 4]])], 1);
      clipped.flatMap(values).forEach((value, i) => {
        expect(value).toBeCloseTo([0.6, 0, 0.8][i], 6);
      });
      expect(clipByGlobalNorm([tensor([3]), tensor([4])], 10).flatMap(values)).toEqual([3, 4]);
      expect(clipByGlobalNorm([tensor([0]), tensor([0])], 1).flatMap(values)).toEqual([0, 0]);
      expect(clipByGlobalNorm([], 1)).toEqual([]);
    });
  });

  it("clipByGlobalNorm lets no gradient pass where one is not finite", () => {
    use(() => {
      expect(clipByGlobalNorm([tensor([1]), tensor([Infinity])], 1).flatMap(values)).toEqual([Number.NaN, Number.NaN]);
    });
  });
});
