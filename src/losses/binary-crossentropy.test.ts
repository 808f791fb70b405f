import { describe, expect, it } from "vitest";
import { testLoss } from "../../test/conformance/test-loss.ts";
import { ENGINES, REFERENCE } from "../../test/support/engines.ts";
import { vjp } from "../engine/gradients.ts";
import type { Tensor } from "../graph/tensor.ts";
import { ones, zeros } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import { binaryCrossentropy } from "./binary-crossentropy.ts";

testLoss({
  name: "binaryCrossentropy",
  make: binaryCrossentropy,
  variants: [{ fromLogits: true }, { fromLogits: false }, { fromLogits: true, labelSmoothing: 0.2 }],
  labels: () => tensor([0, 1, 1, 0, 1, 1, 0, 0.25, 1, 0, 0, 1], { shape: [3, 4], dtype: "float64" }),
});

describe.each(ENGINES)("binaryCrossentropy from logits on $name", ({ use }) => {
  it("has the gradient sigmoid(x) - y at 0 and far from it", () => {
    use(() => {
      const x = tensor([[0], [-0], [200], [-200], [1e30], [-1e30]], { dtype: "float32" });
      const y = tensor([[1], [0], [0], [1], [1], [0]]);
      const { value, pull } = vjp((logits: Tensor) => binaryCrossentropy({ fromLogits: true }).call(y, logits), x);
      const [dx] = pull(ones([6]));
      expect([...value.dataSync()]).toEqual([Math.fround(Math.LN2), Math.fround(Math.LN2), 200, 200, 0, 0]);
      expect([...dx.dataSync()]).toEqual([-0.5, 0.5, 1, -1, 0, 0]);
    });
  });

  it("keeps NaN", () => {
    use(() => {
      const loss = binaryCrossentropy({ fromLogits: true });
      expect(loss.call(zeros([1, 1]), tensor([[Number.NaN]])).dataSync()[0]).toBeNaN();
    });
  });
});

describe("binaryCrossentropy", () => {
  const spec = (...shape: number[]) => ({ shape, dtype: "float32" }) as const;
  const { checkTargets, checkLabels } = binaryCrossentropy();

  it("takes labels [batch] for predictions [batch, 1]", () => {
    REFERENCE.use(() => {
      const values = binaryCrossentropy().call(tensor([1, 0]), tensor([[0.5], [0.5]]));
      expect([...values.dataSync()]).toEqual([Math.fround(Math.LN2), Math.fround(Math.LN2)]);
    });
  });

  it("says what labels of another shape may belong to", () => {
    expect(() => checkTargets?.(spec(8), spec(8, 3))).toThrow(
      "binaryCrossentropy: expected labels of shape (8, 3), as the predictions, got (8,). For class indices, use sparseCategoricalCrossentropy.",
    );
  });

  it("says when labels look like channels first", () => {
    expect(() => checkTargets?.(spec(2, 3, 4, 5), spec(2, 4, 5, 3))).toThrow(
      "binaryCrossentropy: expected labels of shape (2, 4, 5, 3), as the predictions, got (2, 3, 4, 5). They look like channels first: use y.transpose([0, 2, 3, 1]).",
    );
  });

  it("names the row of a label that is no probability", () => {
    expect(() => checkLabels?.(Float32Array.of(0, 1, 2), spec(3), spec(3, 1), 100)).toThrow(
      "binaryCrossentropy: the label in row 102 is 2: expected 0 to 1. Two classes are 0 and 1; for more, use sparseCategoricalCrossentropy.",
    );
    expect(() => checkLabels?.(Float32Array.of(0, Number.NaN), spec(2), spec(2, 1))).toThrow("row 1 is NaN");
    expect(() => checkLabels?.(Float32Array.of(0, 0.3, 1), spec(3), spec(3, 1))).not.toThrow();
  });

  it("refuses options out of range", () => {
    expect(() => binaryCrossentropy({ labelSmoothing: 2 })).toThrow(
      "binaryCrossentropy: expected labelSmoothing between 0 and 1, got 2.",
    );
    expect(() => binaryCrossentropy({ fromLogits: "yes" as never })).toThrow("expected fromLogits to be true or false");
  });
});
