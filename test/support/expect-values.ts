import { expect } from "vitest";
import type { Tensor } from "../../src/graph/tensor.ts";
import { isNear } from "./compare.ts";
import { type Listed, numbersOf } from "./golden.ts";

/** A golden's shape, and its values within `tolerance` of the greater of 1 and their size. */
export function expectValues(got: Tensor, want: Listed, tolerance: number, what: string): void {
  expect([...got.shape], `${what}: shape`).toEqual([...want.shape]);
  const values = got.dataSync();
  numbersOf(want).forEach((value, i) => {
    if (isNear(values[i], value, tolerance)) return;
    expect.fail(`${what}: [${i}] is ${values[i]}, expected ${value} within ${tolerance}`);
  });
}
