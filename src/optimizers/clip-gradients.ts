import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/add.ts";
import { clip } from "../ops/clip.ts";
import { div } from "../ops/div.ts";
import { greater } from "../ops/greater.ts";
import { maximum } from "../ops/maximum.ts";
import { minimum } from "../ops/minimum.ts";
import { mul } from "../ops/mul.ts";
import { sqrt } from "../ops/sqrt.ts";
import { square } from "../ops/square.ts";
import { sub } from "../ops/sub.ts";
import { sum } from "../ops/sum.ts";
import { where } from "../ops/where.ts";

/** g = min(max(g, -limit), limit). */
export function clipByValue(grad: Tensor, limit: number): Tensor {
  return clip(grad, -limit, limit);
}

/** g = g limit / max(|g|, limit), with |g| the 2-norm of this gradient. */
export function clipByNorm(grad: Tensor, limit: number): Tensor {
  const squares = sum(square(grad));
  const some = greater(squares, 0);
  const norm = where(some, sqrt(where(some, squares, 1)), squares);
  return div(mul(grad, limit), maximum(norm, limit));
}

/**
 * g = g limit min(1 / norm, 1 / limit), with the 2-norm of all gradients together. (norm - norm) is 0, or NaN where the
 * norm is not finite: then no update may pass as a good one.
 */
export function clipByGlobalNorm(grads: readonly Tensor[], limit: number): readonly Tensor[] {
  if (grads.length === 0) return grads;
  const squares: Tensor = grads.map((grad) => sum(square(grad))).reduce((a: Tensor, b: Tensor) => add(a, b));
  const norm = sqrt(squares);
  const scale = add(mul(minimum(div(1, norm), 1 / limit), limit), sub(norm, norm));
  return grads.map((grad) => mul(grad, scale));
}
