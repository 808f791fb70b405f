import { expect } from "vitest";
import type { Mutable, Shape, Text } from "../../src/core/shape-types.ts";
import type { S_, Tensor } from "../../src/graph/tensor.ts";
import type { Equal } from "../types/assertions.ts";

/** Asserts a shape twice: the compiler compares the type's, and the run the value's. */
export function testShape<A extends Tensor, const E extends Shape>(
  x: A,
  expected: E & (Equal<S_<A>, Mutable<E>> extends true ? unknown : `the type says ${Text<S_<A>>}`),
): void {
  const tensor: Tensor = x;
  expect(tensor.shape).toEqual(expected);
}
