import { describe, expect, it } from "vitest";
import { ENGINES, REFERENCE } from "../../test/support/engines.ts";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { expectValues } from "../../test/support/expect-values.ts";
import { type Listed, readGolden, tensorOf } from "../../test/support/golden.ts";
import { KERAS_TOLERANCES } from "../../test/support/tolerances.ts";
import { vjp } from "../engine/gradients.ts";
import type { Tensor } from "../graph/tensor.ts";
import { tensor } from "../ops/tensor.ts";
import type { Activation } from "./activation.ts";
import { gelu } from "./gelu.ts";
import { leakyRelu } from "./leaky-relu.ts";
import { softmax } from "./softmax.ts";
import * as table from "./table.ts";

interface ActivationCase {
  readonly activation: string;
  readonly x: Listed;
  readonly y: Listed;
  /** Of the sum of y, weighted by 1, 2, 3 ... */
  readonly gradient: Listed;
}

const golden = readGolden<ActivationCase>("keras-activations");
const activations: Readonly<Record<string, Activation>> = {
  ...table,
  gelu: (x) => gelu(x),
  geluApproximate: (x) => gelu(x, { approximate: true }),
};

it("has goldens for every activation", () => {
  expect(golden.cases.map((each) => each.activation).sort()).toEqual(Object.keys(activations).sort());
});

describe.each(Object.keys(activations))("%s", (name) => {
  const each = golden.cases.find((c) => c.activation === name) as ActivationCase;
  it.each(ENGINES)(`agrees with Keras ${golden.versions["keras"]} on $name`, ({ use }) => {
    use(() => {
      const { value, pull } = vjp((x: Tensor) => activations[name](x), tensorOf(each.x));
      expectValues(value, each.y, KERAS_TOLERANCES.value, "values");
      const weights = tensor(
        Float32Array.from({ length: value.size }, (_, i) => i + 1),
        { shape: value.shape },
      );
      const [dx] = pull(weights);
      // At 0 relu's gradient is 0 here, and so it is in JAX; at a large sum of weights errors grow with it.
      expectValues(dx, each.gradient, KERAS_TOLERANCES.gradient * 8, "gradient");
    });
  });

  it("has the gradients that differences show, to order 2", () => {
    REFERENCE.use(() => {
      expectGradients((x) => activations[name](x), [sample([3, 4])]);
    });
  });

  it("keeps NaN", () => {
    REFERENCE.use(() => {
      expect(activations[name](tensor([[Number.NaN, 1]])).dataSync()[0]).toBeNaN();
    });
  });
});

it("leakyRelu takes a slope", () => {
  REFERENCE.use(() => {
    expect([...leakyRelu(tensor([-2, 0, 2]), 0.5).dataSync()]).toEqual([-1, 0, 2]);
  });
});

it("softmax needs an axis of classes", () => {
  REFERENCE.use(() => {
    expect(() => softmax(tensor(1))).toThrow(
      "softmax: expected an axis of classes, got a scalar. Use x.reshape([1, 1]).",
    );
    expect([
      ...softmax(
        tensor([
          [1000, 1000],
          [-1000, 0],
        ]),
      ).dataSync(),
    ]).toEqual([0.5, 0.5, 0, 1]);
  });
});
