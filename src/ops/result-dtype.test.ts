import { describe, expect, expectTypeOf, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Any } from "../core/shape-types.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { zeros } from "./full.ts";
import { less } from "./less.ts";
import { pow } from "./pow.ts";
import * as random from "./random.ts";
import { relu } from "./relu.ts";
import { tensor } from "./tensor.ts";
import { where } from "./where.ts";

installReferenceEngine();

/** The type is checked by the compiler, the value here. */
function expectShape(x: Tensor, shape: readonly number[], dtype: string): void {
  expect(x.shape).toEqual(shape);
  expect(x.dtype).toBe(dtype);
}

describe("the types of elementwise results", () => {
  const a = zeros([2, 3]);
  const ints = zeros([3], { dtype: "int32" });

  it("carry shapes and dtypes", () => {
    const sum = add(a, tensor([[1, 2, 3]]));
    expectTypeOf(sum).toEqualTypeOf<Tensor<[2, 3], "float32">>();
    expectShape(sum, [2, 3], "float32");
    const chosen = where(less(a, 1), relu(a), pow(a, 2));
    expectTypeOf(chosen).toEqualTypeOf<Tensor<[2, 3], "float32">>();
    expectShape(chosen, [2, 3], "float32");
    const mask = less(a, ints);
    expectTypeOf(mask).toEqualTypeOf<Tensor<[2, 3], "bool">>();
    expectShape(mask, [2, 3], "bool");
    const drawn = random.normal({ shape: [4, 2], dtype: "float64" });
    expectTypeOf(drawn).toEqualTypeOf<Tensor<[4, 2], "float64">>();
    expectShape(drawn, [4, 2], "float64");
  });

  it("of ints that become floatx are not known", () => {
    const quotient = div(ints, ints);
    expectTypeOf(quotient).toEqualTypeOf<Tensor<[3], Any>>();
    expectShape(quotient, [3], "float32");
  });

  it("refuse shapes that cannot broadcast, and accept what is not known", () => {
    // @ts-expect-error: sizes 3 and 2
    expect(() => add(a, zeros([2]))).toThrow("do not broadcast");
    let unknown: Tensor = a;
    for (let i = 0; i < 2; i++) unknown = add(unknown, where(less(unknown, 0), unknown, i));
    expectShape(unknown, [2, 3], "float32");
  });
});
