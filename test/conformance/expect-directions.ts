import { expect } from "vitest";
import { valueAndGrad } from "../../src/engine/gradients.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { ops } from "../../src/ops/index.ts";
import { GRADIENT_TOLERANCE } from "../support/tolerances.ts";
import type { Apply } from "./test-op.ts";
import { waves } from "./waves.ts";

type Scalar = (...xs: Tensor[]) => Tensor;

const STEP = 1e-5;
const ORDER = 2;

/**
 * The sum of all results y + y^2 / 4, each with a weight of its own, so that every element's gradient counts. By the
 * square what flows back depends on the inputs, and a linear op's gradient is differentiated in its turn.
 */
export function weighted(apply: Apply): Scalar {
  return (...xs) => {
    const results = apply(...xs);
    const list = (Array.isArray(results) ? results : [results]) as readonly Tensor[];
    const sums = list.map((y, i) => {
      const curved = ops.add(y, ops.mul(ops.mul(y, y), 0.25));
      return ops.sum(ops.mul(curved, waves(y.shape, y.dtype, 50 + i, [0.5, 1.5])));
    });
    return sums.reduce((a, b): Tensor => ops.add(a, b)) as Tensor;
  };
}

function dot(xs: readonly (Tensor | null)[], ys: readonly Tensor[]): Tensor {
  const products = xs.flatMap((x, i) => (x === null ? [] : [ops.sum(ops.mul(x, ys[i] as Tensor)) as Tensor]));
  return products.reduce((a, b): Tensor => ops.add(a, b));
}

/**
 * grad f . v = (f(x + h v) - f(x - h v)) / 2h along one direction v of all float64 inputs at once; to order 2, by the
 * same of grad f . v along another direction.
 */
export function expectDirections(apply: Apply, inputs: readonly Tensor[], name: string, step: number = STEP): void {
  expectSlope(weighted(apply), inputs, name, step, 1);
}

function expectSlope(f: Scalar, inputs: readonly Tensor[], name: string, step: number, order: number): void {
  const directions = inputs.map((x, i) => waves(x.shape, "float64", 10 * order + i, [-1, 1]));
  const slope: Scalar = (...xs) => dot(valueAndGrad(f)(...xs).gradients, directions);
  const at = (t: number): number => {
    const moved = inputs.map((x, i) => (x.dtype === "float64" ? ops.add(x, ops.mul(directions[i] as Tensor, t)) : x));
    return Number(f(...(moved as Tensor[])).dataSync()[0]);
  };
  const want = (at(step) - at(-step)) / (2 * step);
  const got = Number(slope(...inputs).dataSync()[0]);
  const far = Math.abs(got - want) / Math.max(1, Math.abs(want));
  expect(far, `${name}: slope of order ${order} is ${got}, differences give ${want}`).toBeLessThan(GRADIENT_TOLERANCE);
  if (order < ORDER) expectSlope(slope, inputs, name, step, order + 1);
}
