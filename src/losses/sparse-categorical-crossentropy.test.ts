import { describe, expect, it } from "vitest";
import { testLoss } from "../../test/conformance/test-loss.ts";
import { ENGINES, REFERENCE } from "../../test/support/engines.ts";
import { DataError } from "../core/errors.ts";
import { vjp } from "../engine/gradients.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import { sparseCategoricalCrossentropy } from "./sparse-categorical-crossentropy.ts";

testLoss({
  name: "sparseCategoricalCrossentropy",
  make: sparseCategoricalCrossentropy,
  variants: [{ fromLogits: true }, { fromLogits: false }],
  labels: () => tensor([2, 0, 3], { dtype: "int32" }),
});

describe.each(ENGINES)("sparseCategoricalCrossentropy from logits on $name", ({ use }) => {
  it("is exact far from 0, and lets another class's logit be -infinity", () => {
    use(() => {
      const x = tensor([
        [1e4, 0, -1e4],
        [-Infinity, 0, 0],
      ]);
      const y = tensor([1, 1], { dtype: "int32" });
      const loss = sparseCategoricalCrossentropy({ fromLogits: true });
      const { value, pull } = vjp((logits: Tensor) => loss.call(y, logits), x);
      expect([...value.dataSync()]).toEqual([1e4, Math.fround(Math.LN2)]);
      expect([...pull(ones([2]))[0].dataSync()]).toEqual([1, -1, 0, 0, -0.5, 0.5]);
    });
  });
});

describe("sparseCategoricalCrossentropy", () => {
  const spec = (...shape: number[]) => ({ shape, dtype: "int32" }) as const;
  const { checkTargets, checkLabels } = sparseCategoricalCrossentropy();

  it("takes labels of any number dtype, in a column too", () => {
    REFERENCE.use(() => {
      const p = tensor([
        [0.5, 0.5],
        [0.25, 0.75],
      ]);
      const want = [Math.fround(Math.LN2), Math.fround(-Math.log(0.75))];
      for (const dtype of ["int32", "uint8", "float32", "bool"] as const) {
        for (const shape of [[2], [2, 1]]) {
          const values = sparseCategoricalCrossentropy()
            .call(tensor([0, 1], { dtype, shape }), p)
            .dataSync();
          values.forEach((value: number, i: number) => {
            expect(value).toBeCloseTo(want[i], 6);
          });
        }
      }
    });
  });

  it("says which loss takes one-hot labels", () => {
    expect(() => checkTargets?.(spec(8, 10), spec(8, 10))).toThrow(
      "sparseCategoricalCrossentropy: expected class indices of shape (8,) for predictions of 10 classes, got (8, 10). One-hot labels belong to categoricalCrossentropy; y.argMax({ axis: -1 }) turns them into indices.",
    );
  });

  it("says what shape it expects", () => {
    expect(() => checkTargets?.(spec(8, 2), spec(8, 10))).toThrow(
      "expected class indices of shape (8,) for predictions of 10 classes, got (8, 2). Give the index of the class of each sample.",
    );
    expect(() => checkTargets?.(spec(8), spec(8, 5, 10))).toThrow("expected class indices of shape (8, 5)");
    expect(() => checkTargets?.(spec(8, 5), spec(8, 5, 10))).not.toThrow();
    expect(() => checkTargets?.(spec(8, 5, 1), spec(8, 5, 10))).not.toThrow();
    expect(() => checkTargets?.({ shape: [8], dtype: "uint32" }, spec(8, 10))).toThrow("got uint32");
  });

  it("names the row of a label outside the classes, and what may be wrong", () => {
    const check = (...labels: number[]) =>
      checkLabels?.(Float32Array.from(labels), spec(labels.length), spec(labels.length, 10), 5);
    expect(() => check(0, 9)).not.toThrow();
    expect(() => check(0, 12)).toThrow(DataError);
    expect(() => check(0, 12)).toThrow(
      "sparseCategoricalCrossentropy: the label in row 6 is 12: expected a whole number from 0 to 9. Give the last layer 13 units or more, or repair the row.",
    );
    expect(() => check(10)).toThrow(
      "row 5 is 10: expected a whole number from 0 to 9. If the labels count from 1, subtract 1.",
    );
    expect(() => check(1, -1)).toThrow(
      "row 6 is -1: expected a whole number from 0 to 9. Labels are indices of classes: repair the row.",
    );
    expect(() => check(0.5)).toThrow("row 5 is 0.5");
    expect(() => check(Number.NaN)).toThrow("row 5 is NaN");
  });
});
