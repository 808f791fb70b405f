import { ShapeError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import type { Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/add.ts";
import { clip } from "../ops/clip.ts";
import { div } from "../ops/div.ts";
import { equal } from "../ops/equal.ts";
import { log } from "../ops/log.ts";
import { logSoftmax } from "../ops/log-softmax.ts";
import { mul } from "../ops/mul.ts";
import { neg } from "../ops/neg.ts";
import { sum } from "../ops/sum.ts";
import { where } from "../ops/where.ts";
import type { Loss } from "./loss.ts";
import { assertCrossentropy, type CrossentropyOptions, EPSILON, lossConfig } from "./loss-config.ts";
import { alignLabels, checkProbabilities, checkSame, floatPredictions, perSample } from "./targets.ts";

const NAME = "categoricalCrossentropy";

/**
 * L = -sum over classes of y ln p, where y is one-hot or a distribution. From logits, ln p = logSoftmax(x), which is
 * stable; probabilities are divided by their sum, as Keras does.
 */
export function categoricalCrossentropy(options: CrossentropyOptions = {}): Loss<"same"> {
  assertCrossentropy(options, NAME);
  const { fromLogits = false, labelSmoothing = 0 } = options;
  return {
    name: NAME,
    kind: "same",
    fromLogits,
    config: lossConfig("CategoricalCrossentropy", {
      from_logits: fromLogits,
      label_smoothing: labelSmoothing,
      axis: -1,
    }),
    call: (yTrue, yPred) => {
      checkTargets(yTrue, yPred);
      const p = floatPredictions(yPred);
      const y = alignLabels(yTrue, p);
      const share = labelSmoothing / classesOf(yPred);
      const smooth = labelSmoothing === 0 ? y : add(mul(y, 1 - labelSmoothing), share);
      // A class that the labels exclude does not count, though its logit be -infinity.
      const terms = where(equal(smooth, 0), 0, mul(smooth, logProbabilities(p, fromLogits)));
      return perSample(neg(sum(terms, { axis: -1 })));
    },
    checkTargets,
    checkLabels: (labels, yTrue, _yPred, firstRow = 0) => {
      const advice = "For class indices, use sparseCategoricalCrossentropy.";
      checkProbabilities(labels, yTrue, NAME, firstRow, advice);
    },
  };
}

/** ln p of every class, from logits or from probabilities (of any sum). */
export function logProbabilities(predictions: Tensor, fromLogits: boolean): Tensor {
  if (fromLogits) return logSoftmax(predictions);
  const p = div(predictions, sum(predictions, { axis: -1, keepDims: true }));
  return log(clip(p, EPSILON, 1 - EPSILON));
}

export function classesOf(yPred: Spec): number {
  return yPred.shape[yPred.shape.length - 1];
}

/** Throws where the predictions have no axis of two classes or more: a softmax of one is always 1. */
export function assertClasses(yPred: Spec, where: string): void {
  if (yPred.shape.length >= 2 && classesOf(yPred) >= 2) return;
  throw new ShapeError(
    `${where}: expected predictions of shape (batch, classes) with 2 classes or more, got ${shapeText(yPred.shape)}. For one output, use binaryCrossentropy.`,
  );
}

function checkTargets(yTrue: Spec, yPred: Spec): void {
  assertClasses(yPred, NAME);
  checkSame(yTrue, yPred, NAME, "For class indices, use sparseCategoricalCrossentropy, or oneHot(labels, classes).");
}
