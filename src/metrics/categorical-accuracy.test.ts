import { expect, it } from "vitest";
import { testMetric } from "../../test/conformance/test-metric.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { tensor } from "../ops/tensor.ts";
import { categoricalAccuracy } from "./categorical-accuracy.ts";

testMetric({
  name: "categoricalAccuracy",
  make: (options) => categoricalAccuracy(options),
  variants: [{}, { name: "hits" }],
});

it("says which metric takes class indices", () => {
  REFERENCE.use(() => {
    const metric = categoricalAccuracy();
    expect(() =>
      metric.update(
        metric.init(),
        tensor([0, 1]),
        tensor([
          [0, 1],
          [1, 0],
        ]),
        null,
      ),
    ).toThrow(
      "categoricalAccuracy: expected labels of shape (2, 2), as the predictions, got (2,). For class indices, use sparseCategoricalAccuracy.",
    );
  });
});
