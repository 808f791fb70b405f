import { expect, it } from "vitest";
import { testLoss } from "../../test/conformance/test-loss.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { sample } from "../../test/support/expect-gradients.ts";
import { tensor } from "../ops/tensor.ts";
import { meanSquaredError } from "./mean-squared-error.ts";

testLoss({ name: "meanSquaredError", make: meanSquaredError, variants: [{}], labels: () => sample([3, 4], 1) });

it("takes labels [batch] for predictions [batch, 1], and never broadcasts them", () => {
  REFERENCE.use(() => {
    const y = tensor([1, 2, 3]);
    const p = tensor([[1], [2], [5]]);
    expect([...meanSquaredError().call(y, p).dataSync()]).toEqual([0, 0, 4]);
    expect(() => meanSquaredError().call(y, tensor([[1, 2, 3]]))).toThrow(
      "meanSquaredError: expected labels of shape (3, 3), as the predictions, got (3,). Reshape them, or change the last layer.",
    );
  });
});

it("names the row of a NaN", () => {
  const { checkLabels } = meanSquaredError();
  const spec = { shape: [2, 2], dtype: "float32" } as const;
  expect(() => checkLabels?.(Float32Array.of(1, 2, 3, Number.NaN), spec, spec, 10)).toThrow(
    "meanSquaredError: the label in row 11, column 1 is NaN: expected a finite number. Remove or repair the row.",
  );
});
