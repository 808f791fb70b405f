import type { Product } from "../core/shape-arithmetic.ts";
import type { Shape } from "../core/shape-types.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { reshape } from "./reshape.ts";

/** One axis of as many values. */
export type Flat<S extends Shape> = [Product<S>];

/** x as a vector of its values in row-major order. */
export function flatten<A extends Tensor>(x: A): Tensor<Flat<S_<A>>, D_<A>> {
  return vectorOf(x);
}

function vectorOf(x: Tensor): Tensor {
  const shape: Shape = [x.size];
  return reshape(x, shape);
}
