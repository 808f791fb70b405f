// tested by src/losses/sparse-categorical-crossentropy.test.ts
import type { DType, TypedArray } from "../core/dtype.ts";
import { isFloat } from "../core/dtype.ts";
import { DataError, DTypeError, ShapeError } from "../core/errors.ts";
import { sameShape, shapeText, sizeOf } from "../core/shape.ts";
import type { Spec } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { castTo } from "../ops/cast.ts";
import { floating, mean } from "../ops/mean.ts";
import { reshape } from "../ops/reshape.ts";

/** Whether labels [batch] belong to predictions [batch, 1] (or the other way round): one axis of size 1 apart, as in Keras. */
export function sameButOne(yTrue: readonly number[], yPred: readonly number[]): boolean {
  const [long, short] = yTrue.length > yPred.length ? [yTrue, yPred] : [yPred, yTrue];
  if (long.length === short.length) return sameShape(long.slice(1), short.slice(1));
  return short.length > 0 && sameShape(long.slice(1), [...short.slice(1), 1]);
}

/** Throws unless labels have the predictions' shape; `advice` says what else they may be. */
export function checkSame(yTrue: Spec, yPred: Spec, where: string, advice: string): void {
  if (yTrue.dtype === "uint32")
    throw new DTypeError(`${where}: expected labels that are numbers, got uint32. Cast them.`);
  if (sameButOne(yTrue.shape, yPred.shape)) return;
  const wanted = [yTrue.shape[0] ?? 1, ...yPred.shape.slice(1)];
  const [batch, channels, ...space] = yTrue.shape;
  const isFirst = space.length > 0 && sameShape([batch, ...space, channels], wanted);
  const perm = [0, ...space.map((_, axis) => axis + 2), 1].join(", ");
  throw new ShapeError(
    `${where}: expected labels of shape ${shapeText(wanted)}, as the predictions, got ${shapeText(yTrue.shape)}. ${isFirst ? `They look like channels first: use y.transpose([${perm}]).` : advice}`,
  );
}

/** Labels in the predictions' shape and dtype. */
export function alignLabels(yTrue: Tensor, yPred: Tensor): Tensor {
  const shaped = sameShape(yTrue.shape, yPred.shape) ? yTrue : reshape(yTrue, yPred.shape);
  return shaped.dtype === yPred.dtype ? shaped : castTo(shaped, yPred.dtype);
}

/** The mean over all axes but the first. */
export function perSample(values: Tensor): Tensor {
  if (values.rank < 2) return values;
  return mean(values, { axis: values.shape.slice(1).map((_: number, i: number) => i + 1) });
}

/** Predictions as floats; int ones would round what is computed from them. */
export function floatPredictions(yPred: Tensor): Tensor {
  return floating(yPred);
}

interface LabelRule {
  readonly where: string;
  readonly fits: (value: number) => boolean;
  /** What is wrong with a value, and what to do. */
  readonly problem: (value: number) => string;
}

/** Throws a DataError for the first label that does not fit, naming its row. */
export function checkEach(values: TypedArray, shape: readonly number[], firstRow: number, rule: LabelRule): void {
  const at = (values as Float64Array).findIndex((value) => !rule.fits(value));
  if (at === -1) return;
  const width = sizeOf(shape.slice(1));
  const column = width > 1 ? `, column ${at % width}` : "";
  const row = firstRow + Math.floor(at / width);
  throw new DataError(`${rule.where}: the label in row ${row}${column} is ${values[at]}: ${rule.problem(values[at])}`);
}

/** Labels are finite numbers. */
export function checkFinite(values: TypedArray, yTrue: Spec, where: string, firstRow: number): void {
  if (!isFloat(yTrue.dtype)) return;
  const problem = (): string => "expected a finite number. Remove or repair the row.";
  checkEach(values, yTrue.shape, firstRow, { where, fits: Number.isFinite, problem });
}

/** Labels are probabilities. */
export function checkProbabilities(
  values: TypedArray,
  yTrue: Spec,
  where: string,
  firstRow: number,
  advice: string,
): void {
  if (yTrue.dtype === ("bool" satisfies DType)) return;
  const problem = (): string => `expected 0 to 1. ${advice}`;
  checkEach(values, yTrue.shape, firstRow, { where, fits: (value) => value >= 0 && value <= 1, problem });
}
