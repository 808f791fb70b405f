import { expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { zeros } from "../ops/full.ts";
import { input } from "./input.ts";

testLayer({
  name: "input",
  make: ({ name, dtype }) =>
    input({ shape: [4, null], ...(name === undefined ? {} : { name }), ...(dtype === undefined ? {} : { dtype }) }),
  shapes: [
    [
      [3, 4, 2],
      [3, 4, 2],
    ],
    [
      [3, 4, 5],
      [3, 4, 5],
    ],
  ],
  weights: [],
});

it("lets nothing else pass", () => {
  const layer = input({ shape: [28, 28], name: "pictures" });
  REFERENCE.use(() => {
    expect(() => layer.apply(zeros([5, 784]))).toThrow(
      'input_layer "pictures": expected an input of shape (null, 28, 28), got (5, 784).',
    );
    expect(() => layer.apply(zeros([28, 28]))).toThrow("got (28, 28). Add a batch axis: x.reshape([1, 28, 28]).");
  });
});

it("refuses shapes and dtypes that are none", () => {
  for (const shape of [784, [-1], [0], [2.5], undefined]) {
    expect(() => input({ shape: shape as number[] })).toThrow(
      'input_layer "input_layer": expected the shape of one sample, such as [28, 28, 1], got',
    );
  }
  expect(() => input({ shape: [1], dtype: "float16" as never })).toThrow('unknown dtype "float16"');
});
