import { expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { REFERENCE } from "../../test/support/engines.ts";
import { testShape } from "../../test/support/test-shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { zeros } from "../ops/full.ts";
import { tensor } from "../ops/tensor.ts";
import { flatten } from "./flatten.ts";

testLayer({
  name: "flatten",
  make: flatten,
  shapes: [
    [
      [3, 2, 4, 1],
      [3, 8],
    ],
    [
      [3, 5],
      [3, 5],
    ],
    [[3], [3, 1]],
  ],
  weights: [],
});

it("keeps the order, and empty batches", () => {
  REFERENCE.use(() => {
    const x = tensor([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    const y = flatten().apply(x);
    testShape(y, [1, 4]);
    expect(y.arraySync()).toEqual([[1, 2, 3, 4]]);
    testShape(flatten().apply(zeros([0, 28, 28])), [0, 784]);
  });
});

it("leaves open what is open", () => {
  expect(flatten().computeOutputShape([null, null, 3])).toEqual([null, null]);
});

it("asks for a batch axis", () => {
  expect(() => REFERENCE.use(() => flatten().apply(zeros([]) as Tensor))).toThrow(
    'flatten "flatten": expected an input of rank >= 1, got a scalar. Add a batch axis: x.reshape([1]).',
  );
});
