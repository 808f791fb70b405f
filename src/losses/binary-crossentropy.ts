import type { Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/add.ts";
import { clip } from "../ops/clip.ts";
import { exp } from "../ops/exp.ts";
import { greaterEqual } from "../ops/greater-equal.ts";
import { log } from "../ops/log.ts";
import { log1p } from "../ops/log1p.ts";
import { mul } from "../ops/mul.ts";
import { neg } from "../ops/neg.ts";
import { sub } from "../ops/sub.ts";
import { where } from "../ops/where.ts";
import type { Loss } from "./loss.ts";
import { assertCrossentropy, type CrossentropyOptions, EPSILON, lossConfig } from "./loss-config.ts";
import { alignLabels, checkProbabilities, checkSame, floatPredictions, perSample } from "./targets.ts";

const NAME = "binaryCrossentropy";

/**
 * L = -y ln p - (1 - y) ln(1 - p), the mean over a sample's values; each is a probability of its own. From logits x,
 * where p = sigmoid(x), it is max(x, 0) - x y + ln(1 + e^-|x|), which neither overflows nor loses digits.
 */
export function binaryCrossentropy(options: CrossentropyOptions = {}): Loss<"same"> {
  assertCrossentropy(options, NAME);
  const { fromLogits = false, labelSmoothing = 0 } = options;
  const values = fromLogits ? valuesFromLogits : valuesFromProbabilities;
  return {
    name: NAME,
    kind: "same",
    fromLogits,
    config: lossConfig("BinaryCrossentropy", { from_logits: fromLogits, label_smoothing: labelSmoothing, axis: -1 }),
    call: (yTrue, yPred) => {
      checkTargets(yTrue, yPred);
      const p = floatPredictions(yPred);
      const y = alignLabels(yTrue, p);
      const smooth = labelSmoothing === 0 ? y : add(mul(y, 1 - labelSmoothing), 0.5 * labelSmoothing);
      return perSample(values(smooth, p));
    },
    checkTargets,
    checkLabels: (labels, yTrue, _yPred, firstRow = 0) => {
      const advice = "Two classes are 0 and 1; for more, use sparseCategoricalCrossentropy.";
      checkProbabilities(labels, yTrue, NAME, firstRow, advice);
    },
  };
}

/** Both branches say `x >= 0`, so that at 0 the derivative is 1/2 - y; max and abs would each give 0 there. */
function valuesFromLogits(y: Tensor, x: Tensor): Tensor {
  const positive = greaterEqual(x, 0);
  const above = where(positive, x, 0);
  const below = where(positive, neg(x), x);
  return add(sub(above, mul(x, y)), log1p(exp(below)));
}

function valuesFromProbabilities(y: Tensor, probabilities: Tensor): Tensor {
  const p = clip(probabilities, EPSILON, 1 - EPSILON);
  return neg(add(mul(y, log(p)), mul(sub(1, y), log(sub(1, p)))));
}

function checkTargets(yTrue: Spec, yPred: Spec): void {
  checkSame(yTrue, yPred, NAME, "For class indices, use sparseCategoricalCrossentropy.");
}
