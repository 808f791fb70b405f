import { expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import { zeros } from "../ops/full.ts";
import { activation } from "./activation.ts";

testLayer({
  name: "activation",
  make: (options) => activation({ activation: "softmax", ...options }),
  shapes: [
    [
      [3, 5],
      [3, 5],
    ],
    [
      [3, 2, 5],
      [3, 2, 5],
    ],
    [[3], [3]],
  ],
  weights: [],
});

it("keeps the shape", () => {
  REFERENCE.use(() => {
    const y = activation({ activation: "sigmoid" }).apply(zeros([2, 3]));
    testShape(y, [2, 3]);
    expect(y.dataSync()[0]).toBe(0.5);
  });
});

it("asks for an activation", () => {
  expect(() => activation({} as never)).toThrow(
    'activation "activation": expected an activation. Try layers.activation({ activation: "relu" }).',
  );
  expect(() => activation({ activation: "gelu" })).toThrow('unknown activation "gelu"');
});
