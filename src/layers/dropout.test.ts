import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { ENGINES, REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import { fill } from "../ops/constant.ts";
import { ones } from "../ops/full.ts";
import { key } from "../ops/random.ts";
import { tensor } from "../ops/tensor.ts";
import { dropout } from "./dropout.ts";

testLayer({
  name: "dropout",
  make: (options) => dropout({ rate: 0.4, ...options }),
  shapes: [
    [
      [3, 5],
      [3, 5],
    ],
    [
      [3, 2, 5],
      [3, 2, 5],
    ],
  ],
  weights: [],
  training: () => ({ training: true, key: key(7) }),
});

describe.each(ENGINES)("dropout on $name", ({ use }) => {
  it("drops the rate, and scales the rest so that the mean stays", () => {
    use(() => {
      const n = 40_000;
      const y = dropout({ rate: 0.25 })
        .apply(fill([n], 3, "float32"), { training: true, key: key(1) })
        .dataSync();
      const dropped = y.filter((value: number) => value === 0).length;
      // 5 standard deviations of a binomial count.
      expect(Math.abs(dropped - n / 4)).toBeLessThan(5 * Math.sqrt(n * 0.25 * 0.75));
      expect(y.every((value: number) => value === 0 || value === 4)).toBe(true);
    });
  });
});

describe("dropout", () => {
  it("does nothing in use, or at rate 0", () => {
    REFERENCE.use(() => {
      const x = tensor([[1, 2, Number.NaN]]);
      expect(dropout({ rate: 0.5 }).apply(x)).toBe(x);
      expect(dropout({ rate: 0 }).apply(x, { training: true })).toBe(x);
      testShape(dropout({ rate: 0.5 }).apply(ones([2, 3])), [2, 3]);
    });
  });

  it("drops a NaN as it drops anything", () => {
    REFERENCE.use(() => {
      const x = fill([64], Number.NaN, "float32");
      const y = dropout({ rate: 0.5 })
        .apply(x, { training: true, key: key(1) })
        .dataSync();
      expect(y.filter((value: number) => value === 0).length).toBeGreaterThan(10);
    });
  });

  it("drops by the key, and by a seed of its own", () => {
    REFERENCE.use(() => {
      const draw = (seed: number | undefined, from: number): string =>
        dropout({ rate: 0.5, ...(seed === undefined ? {} : { seed }) })
          .apply(ones([64]), { training: true, key: key(from) })
          .dataSync()
          .join("");
      expect(draw(undefined, 1)).toBe(draw(undefined, 1));
      expect(draw(undefined, 1)).not.toBe(draw(undefined, 2));
      expect(draw(3, 1)).toBe(draw(3, 1));
      expect(draw(3, 1)).not.toBe(draw(4, 1));
    });
  });

  it("asks for a key in training", () => {
    REFERENCE.use(() => {
      expect(() => dropout({ rate: 0.5 }).apply(ones([2]), { training: true })).toThrow(
        'dropout "dropout": training needs a key. Pass { training: true, key: random.key(7) }.',
      );
    });
  });

  it("refuses rates and seeds that are none", () => {
    for (const rate of [1, -0.1, Number.NaN, "0.5", undefined]) {
      expect(() => dropout({ rate: rate as number })).toThrow(
        `dropout "dropout": expected a rate of at least 0 and below 1, got ${String(rate)}. Try 0.5.`,
      );
    }
    expect(() => dropout({ rate: 0.5, seed: 0.5 })).toThrow("expected a seed that is a whole number, got 0.5");
  });
});
