import { expect, it } from "vitest";
import { testMetric } from "../../test/conformance/test-metric.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { tensor } from "../ops/tensor.ts";
import { sparseCategoricalAccuracy } from "./sparse-categorical-accuracy.ts";

testMetric({
  name: "sparseCategoricalAccuracy",
  make: (options) => sparseCategoricalAccuracy(options),
  variants: [{}, { name: "hits" }],
});

it("says which metric takes one-hot labels", () => {
  REFERENCE.use(() => {
    const metric = sparseCategoricalAccuracy();
    const onehot = tensor([
      [0, 1],
      [1, 0],
    ]);
    expect(() => metric.update(metric.init(), onehot, onehot, null)).toThrow(
      "sparseCategoricalAccuracy: expected class indices of shape (2,) for predictions of 2 classes, got (2, 2). One-hot labels belong to categoricalAccuracy",
    );
  });
});
