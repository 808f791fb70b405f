// tested by src/layers/batch-normalization.test.ts
import { ShapeError, ValueError } from "../core/errors.ts";
import { normalizeAxis, shapeText } from "../core/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Variable } from "../graph/variable.ts";
import { add } from "../ops/add.ts";
import { div } from "../ops/div.ts";
import { mul } from "../ops/mul.ts";
import { reshape } from "../ops/reshape.ts";
import { sqrt } from "../ops/sqrt.ts";
import { sub } from "../ops/sub.ts";

type OpenShape = readonly (number | null)[];

/** Throws unless epsilon is a number above 0. */
export function assertEpsilon(where: string, epsilon: unknown): void {
  if (typeof epsilon === "number" && epsilon > 0) return;
  throw new ValueError(`${where}: expected an epsilon above 0, got ${String(epsilon)}. Try 1e-3.`);
}

/** The axes counted from the front; not the batch's. */
export function featureAxes(where: string, shape: OpenShape, axes: readonly number[]): number[] {
  if (shape.length < 2) {
    throw new ShapeError(`${where}: expected an input of rank >= 2, got shape ${shapeText(shape)}. Add a batch axis.`);
  }
  const found = axes.map((axis) => normalizeAxis(axis, shape.length, where)).sort((a, b) => a - b);
  if (found.includes(0)) throw new ShapeError(`${where}: axis 0 is the batch. Use an axis from 1 on, or -1.`);
  return found;
}

/** The sizes of these axes, which weights need to know. */
export function featureSizes(where: string, shape: OpenShape, axes: readonly number[]): number[] {
  return axes.map((axis) => {
    const size = shape[axis];
    if (size !== null) return size;
    throw new ShapeError(`${where}: expected a known size on axis ${axis}, got shape ${shapeText(shape)}.`);
  });
}

/** A weight with one value a place of `axes`, to be stretched over x. */
export function along(weight: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  return reshape(
    weight,
    x.shape.map((n: number, axis: number) => (axes.includes(axis) ? n : 1)),
  );
}

interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly epsilon: number;
}

/** (x - mean) * gamma / sqrt(variance + epsilon) + beta. */
export function normalized(
  x: Tensor,
  { mean, variance, epsilon }: Moments,
  weights: { readonly gamma: Variable | null; readonly beta: Variable | null; readonly axes: readonly number[] },
): Tensor {
  const { gamma, beta, axes } = weights;
  const deviation: Tensor = sqrt(add(variance, epsilon));
  const scale: Tensor = div(gamma === null ? 1 : along(gamma.read(), x, axes), deviation);
  const y: Tensor = mul(sub(x, mean), scale);
  return beta === null ? y : (add(y, along(beta.read(), x, axes)) as Tensor);
}
