import { expect, it } from "vitest";
import { testMetric } from "../../test/conformance/test-metric.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { tensor } from "../ops/tensor.ts";
import { binaryAccuracy } from "./binary-accuracy.ts";

testMetric({
  name: "binaryAccuracy",
  make: (options: { threshold?: number; name?: string }) => binaryAccuracy(options),
  variants: [{}, { threshold: 0 }, { name: "hits" }],
});

it("judges logits by the threshold 0, which has to be asked for", () => {
  REFERENCE.use(() => {
    const [y, logits] = [tensor([1, 1, 0]), tensor([[0.3], [3], [-2]])];
    const of = (metric: ReturnType<typeof binaryAccuracy>): number =>
      metric.result(metric.update(metric.init(), y, logits, null)).dataSync()[0];
    expect(of(binaryAccuracy({ threshold: 0 }))).toBe(1);
    expect(of(binaryAccuracy())).toBe(2 / 3);
  });
});

it("says what labels and thresholds it takes", () => {
  REFERENCE.use(() => {
    const metric = binaryAccuracy();
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
      "binaryAccuracy: expected labels of shape (2, 2), as the predictions, got (2,). For class indices, use sparseCategoricalAccuracy.",
    );
  });
  expect(() => binaryAccuracy({ threshold: Number.NaN })).toThrow("expected a threshold that is a number, got NaN");
});
