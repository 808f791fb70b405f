import { describe, expect, it } from "vitest";
import { REFERENCE } from "../../test/support/engines.ts";
import { tensor } from "../ops/tensor.ts";
import { addToMean, emptyMean, meanResult } from "./mean.ts";

const mean = (...batches: (readonly [number[], number[] | null])[]): number =>
  REFERENCE.use(() => {
    let state = emptyMean();
    for (const [values, weight] of batches)
      state = addToMean(state, tensor(values), weight === null ? null : tensor(weight));
    return meanResult(state).dataSync()[0];
  });

describe("mean", () => {
  it("weighs samples, not batches", () => {
    expect(mean([[1, 2, 3], null], [[8], null])).toBe(3.5);
    expect(
      mean(
        [
          [1, 2],
          [3, 1],
        ],
        [[10], [0]],
      ),
    ).toBe(1.25);
  });

  it("is 0 where nothing counts", () => {
    expect(mean([[5], [0]])).toBe(0);
  });

  it("counts in float64: 10,000 small values after a large one are not lost", () => {
    const small = new Array<number>(10_000).fill(1);
    expect(mean([[2 ** 26], null], [small, null])).toBe((2 ** 26 + 10_000) / 10_001);
  });

  it("takes the mean of a sample's positions", () => {
    REFERENCE.use(() => {
      const state = addToMean(
        emptyMean(),
        tensor([
          [1, 3],
          [5, 7],
        ]),
        tensor([1, 3]),
      );
      expect(meanResult(state).dataSync()[0]).toBe((2 + 3 * 6) / 4);
    });
  });
});
