import { describe, expect, it } from "vitest";
import { vjp } from "../../src/engine/gradients.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { getLoss } from "../../src/losses/get-loss.ts";
import type { Loss } from "../../src/losses/loss.ts";
import { castTo } from "../../src/ops/cast.ts";
import { ones } from "../../src/ops/full.ts";
import { ENGINES } from "../support/engines.ts";
import { expectGradients, sample } from "../support/expect-gradients.ts";
import { expectValues } from "../support/expect-values.ts";
import { type Listed, readGolden, tensorOf } from "../support/golden.ts";
import { KERAS_TOLERANCES } from "../support/tolerances.ts";

interface LossCase {
  readonly loss: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly yTrue: Listed;
  readonly yPred: Listed;
  readonly values: Listed;
  readonly gradient?: Listed;
}

const golden = readGolden<LossCase>("keras-losses");

interface LossRule<O> {
  readonly name: string;
  readonly make: (options: O) => Loss;
  /** Options to try, beside the goldens'. */
  readonly variants: readonly O[];
  /** Labels of shape [3, 4], or [3] for a sparse loss; predictions are probabilities unless fromLogits. */
  readonly labels: () => Tensor;
}

/** Keras's values and gradients on every engine; differences; shapes; the way through a configuration. */
export function testLoss<O extends object>(rule: LossRule<O>): void {
  describe(rule.name, () => {
    const cases = golden.cases.filter((each) => each.loss === rule.name);
    it("has goldens", () => {
      expect(cases.length).toBeGreaterThan(1);
    });

    describe.each(ENGINES)("on $name", ({ use }) => {
      it.each(cases)(`agrees with Keras ${golden.versions["keras"]}: $options`, (each) => {
        use(() => {
          agreesWithKeras(rule.make(each.options as O), each);
        });
      });

      it("gives one value a sample, in the predictions' dtype", () => {
        use(() => {
          for (const variant of rule.variants) {
            const loss = rule.make(variant);
            for (const dtype of ["float32", "float64"] as const) {
              const values = loss.call(rule.labels(), castTo(predictions(loss), dtype));
              expect([values.shape, values.dtype]).toEqual([[3], dtype]);
            }
          }
        });
      });
    });

    it.each(rule.variants)("has the gradients that differences show, to order 2: %j", (variant) => {
      ENGINES[0].use(() => {
        const loss = rule.make(variant);
        const y = rule.labels();
        expectGradients((x) => loss.call(y, x), [predictions(loss)]);
      });
    });

    it.each(rule.variants)("is made again from its configuration: %j", (variant) => {
      const loss = rule.make(variant);
      const again = getLoss(JSON.parse(JSON.stringify(loss.config)));
      expect([again.name, again.kind, again.config]).toEqual([rule.name, loss.kind, loss.config]);
      expect(getLoss(rule.name).name).toBe(rule.name);
    });
  });
}

/** [3, 4] in float64: logits around 0, or numbers in (0, 1). */
function predictions(loss: Loss): Tensor {
  const x = sample([3, 4], 5);
  return loss.fromLogits === false ? x.mul(0.4).add(0.5) : x;
}

function agreesWithKeras(loss: Loss, { yTrue, yPred, values, gradient }: LossCase): void {
  const y = tensorOf(yTrue, loss.kind === "sparse" ? "int32" : "float32");
  const { value, pull } = vjp((x: Tensor) => loss.call(y, x), tensorOf(yPred));
  expectValues(value, values, KERAS_TOLERANCES.value, "values");
  if (gradient === undefined) return;
  expectValues(pull(ones(value.shape, { dtype: "float32" }))[0], gradient, KERAS_TOLERANCES.gradient, "gradient");
}
