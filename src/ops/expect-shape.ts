import { ShapeError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { D_, Tensor } from "../graph/tensor.ts";

/** A shape in which null is any size. */
export type Expected<T extends readonly (number | null)[]> = {
  -readonly [I in keyof T]: T[I] extends null ? number : T[I] & number;
};

/** x, with its shape checked now and known to the compiler from here on; null stands for any size. */
export function expectShape<A extends Tensor, const T extends readonly (number | null)[]>(
  x: A,
  shape: T,
): Tensor<Expected<T>, D_<A>> {
  return matching(x, shape);
}

function matching(x: Tensor, shape: readonly (number | null)[]): Tensor {
  if (x.rank !== shape.length || !shape.every((n, axis) => n === null || n === x.shape[axis])) {
    throw new ShapeError(
      `expectShape: expected ${shapeText(shape)}, got ${shapeText(x.shape)}. Reshape x, or correct what is expected.`,
    );
  }
  return x;
}
