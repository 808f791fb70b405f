import { describe, expect, it } from "vitest";
import { testLoss } from "../../test/conformance/test-loss.ts";
import { ENGINES, REFERENCE } from "../../test/support/engines.ts";
import { DataError } from "../core/errors.ts";
import { compile } from "../engine/compile.ts";
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

  it("explains labels that do not fit predictions for each pixel", () => {
    const message = (...shape: number[]): string => {
      try {
        checkTargets?.(spec(...shape), spec(2, 4, 5, 3));
      } catch (error) {
        return (error as Error).message;
      }
      return "";
    };
    expect(message(2, 4, 5)).toBe("");
    expect(message(2, 4, 5, 1)).toBe("");
    const expected =
      "sparseCategoricalCrossentropy: expected class indices of shape (2, 4, 5) for predictions of 3 classes";
    expect(message(2)).toBe(
      `${expected}, got (2,). There is a prediction for each of (4, 5) positions: label each, or let the network end in one prediction a sample.`,
    );
    expect(message(2, 20)).toBe(
      `${expected}, got (2, 20). There is a prediction for each of (4, 5) positions: use y.reshape([2, 4, 5]).`,
    );
    expect(message(2, 4, 6)).toContain("for each of (4, 5) positions: give the index of the class of each.");
    expect(message(4, 5)).toContain("got (4, 5). Add a batch axis: y.reshape([1, 4, 5]).");
    expect(message(2, 4, 5, 3)).toContain("y.argMax({ axis: -1 }) turns them into indices.");
    expect(message(2, 3, 4, 5)).toContain("y.argMax({ axis: 1 }) turns them into indices.");
  });

  it("takes labels of pixels as a picture of one channel too", () => {
    REFERENCE.use(() => {
      const logits = ones([2, 4, 5, 3]);
      const indices = Array.from({ length: 40 }, (_, i) => i % 3);
      const losses = [[2, 4, 5], [2, 4, 5, 1]].map((shape) =>
        sparseCategoricalCrossentropy({ fromLogits: true }).call(tensor(indices, { dtype: "int32", shape }), logits),
      ); // biome-ignore format: one look
      expect(losses.map((y) => y.arraySync())).toEqual([0, 0].map(() => [0, 0].map(() => Math.fround(Math.log(3)))));
    });
  });

  it("refuses labels outside the classes that it sees, in a program's constants too", () => {
    REFERENCE.use(() => {
      const loss = sparseCategoricalCrossentropy();
      const y = tensor([1, 2], { dtype: "int32" });
      const message =
        "sparseCategoricalCrossentropy: the label in row 1 is 2: expected a whole number from 0 to 1. If the labels count from 1, subtract 1.";
      expect(() => loss.call(y, ones([2, 2]))).toThrow(message);
      expect(() => compile((p: Tensor) => loss.call(y, p))(ones([2, 2]))).toThrow(message);
    });
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
