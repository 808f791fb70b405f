// tested by src/activations/activations.test.ts
import { ShapeError } from "../core/errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { softmax as op } from "../ops/softmax.ts";

/** softmax(x)[j] = e^x[j] / sum over k of e^x[k], along the last axis: the probabilities of classes. */
export function softmax(x: Tensor): Tensor {
  if (x.rank === 0) throw new ShapeError("softmax: expected an axis of classes, got a scalar. Use x.reshape([1, 1]).");
  return op(x, { axis: -1 });
}
