import { DTypeError, ShapeError } from "../core/errors.ts";
import { sameShape, shapeText, sizeOf } from "../core/shape.ts";
import type { Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { castTo } from "../ops/cast.ts";
import { neg } from "../ops/neg.ts";
import { oneHot } from "../ops/one-hot.ts";
import { reshape } from "../ops/reshape.ts";
import { sum } from "../ops/sum.ts";
import { where } from "../ops/where.ts";
import { assertClasses, classesOf, logProbabilities } from "./categorical-crossentropy.ts";
import type { Loss } from "./loss.ts";
import { assertCrossentropy, type CrossentropyOptions, lossConfig } from "./loss-config.ts";
import { checkEach, floatPredictions, perSample } from "./targets.ts";

const NAME = "sparseCategoricalCrossentropy";

/** L = -ln p[y], where y is the index of the class. From logits, ln p = logSoftmax(x), which is stable. */
export function sparseCategoricalCrossentropy(options: Pick<CrossentropyOptions, "fromLogits"> = {}): Loss<"sparse"> {
  assertCrossentropy(options, NAME);
  const { fromLogits = false } = options;
  const checkLabels: NonNullable<Loss["checkLabels"]> = (labels, yTrue, yPred, firstRow = 0) => {
    const classes = classesOf(yPred);
    checkEach(labels, yTrue.shape, firstRow, {
      where: NAME,
      fits: (label) => Number.isInteger(label) && label >= 0 && label < classes,
      problem: (label) => `expected a whole number from 0 to ${classes - 1}. ${advice(label, classes)}`,
    });
  };
  return {
    name: NAME,
    kind: "sparse",
    fromLogits,
    config: lossConfig("SparseCategoricalCrossentropy", { from_logits: fromLogits, ignore_class: null }),
    call: (yTrue, yPred) => {
      checkTargets(yTrue, yPred);
      const source = yTrue["~source"];
      if (source.kind === "host") checkLabels(source.array, yTrue, yPred);
      const chosen = oneHot(classIndices(yTrue, yPred), classesOf(yPred), { dtype: "bool" });
      // Chosen, not multiplied by 0: other classes may have a logit of -infinity.
      const terms = where(chosen, logProbabilities(floatPredictions(yPred), fromLogits), 0);
      return perSample(neg(sum(terms, { axis: -1 })));
    },
    checkTargets,
    checkLabels,
  };
}

function advice(label: number, classes: number): string {
  if (label === classes) return "If the labels count from 1, subtract 1.";
  if (label > classes && Number.isInteger(label))
    return `Give the last layer ${label + 1} units or more, or repair the row.`;
  return "Labels are indices of classes: repair the row.";
}

/** Labels as int32 class indices of shape [batch, ...positions]. */
export function classIndices(yTrue: Tensor, yPred: Tensor): Tensor {
  const shape: readonly number[] = yPred.shape.slice(0, -1);
  const labels = sameShape(yTrue.shape, shape) ? yTrue : reshape(yTrue, shape);
  return labels.dtype === "int32" ? labels : castTo(labels, "int32");
}

function checkTargets(yTrue: Spec, yPred: Spec): void {
  checkIndices(yTrue, yPred, NAME, "categoricalCrossentropy");
}

/** Throws unless the labels can be one class index a position; `dense` is what takes one-hot labels. */
export function checkIndices(yTrue: Spec, yPred: Spec, where: string, dense: string): void {
  assertClasses(yPred, where);
  if (yTrue.dtype === "uint32")
    throw new DTypeError(`${where}: expected int32 labels, got uint32. Use y.cast("int32").`);
  const wanted = yPred.shape.slice(1, -1);
  const given = yTrue.shape.slice(1);
  if (yTrue.shape.length > 0 && (sameShape(given, wanted) || sameShape(given, [...wanted, 1]))) return;
  throw new ShapeError(
    `${where}: expected class indices of shape ${shapeText([yTrue.shape[0] ?? 1, ...wanted])} for predictions of ${classesOf(yPred)} classes, got ${shapeText(yTrue.shape)}. ${labelsHint(yTrue.shape, yPred, dense)}`,
  );
}

/** What labels of another shape may be, and what makes indices of them. */
function labelsHint(labels: readonly number[], yPred: Spec, dense: string): string {
  const [given, positions] = [labels.slice(1), yPred.shape.slice(1, -1)];
  const oneHot = (axis: number): string =>
    `One-hot labels belong to ${dense}; y.argMax({ axis: ${axis} }) turns them into indices.`;
  if (sameShape(given, yPred.shape.slice(1))) return oneHot(-1);
  if (positions.length === 0) return "Give the index of the class of each sample.";
  if (sameShape(given, [classesOf(yPred), ...positions])) return oneHot(1);
  if (sameShape(labels, positions)) return `Add a batch axis: y.reshape([1, ${positions.join(", ")}]).`;
  const each = `There is a prediction for each of ${shapeText(positions)} positions: `;
  if (sizeOf(given) === sizeOf(positions)) return `${each}use y.reshape([${[labels[0], ...positions].join(", ")}]).`;
  if (sizeOf(given) === 1) return `${each}label each, or let the network end in one prediction a sample.`;
  return `${each}give the index of the class of each.`;
}
