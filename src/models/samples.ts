import { type DType, floatx, isFloat, type TypedArray } from "../core/dtype.ts";
import { DataError, DTypeError, GradwiseError, ShapeError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import { executor } from "../graph/executor.ts";
import { hostTensor, type Nested, Tensor } from "../graph/tensor.ts";
import { tensor } from "../ops/tensor.ts";
import type { Samples } from "./feed.ts";

/** What data may be given as. */
export type ArrayLikeData = Tensor | Nested | TypedArray;

/** A weight for each class: `{ 0: 1, 1: 5 }`. */
export type ClassWeight = Readonly<Record<number, number>>;

/** What a call was given. */
export interface GivenSamples {
  readonly x: ArrayLikeData;
  readonly y?: ArrayLikeData | null | undefined;
  readonly sampleWeight?: ArrayLikeData | null | undefined;
}

/** Throws unless x, y and weights are finite, and samples of one another. `where` is fit, evaluate ... */
export function checkedSamples(where: string, given: GivenSamples): Samples {
  const x = dataTensor(where, "x", given.x);
  const y = given.y == null ? null : dataTensor(where, "y", given.y);
  const weight = given.sampleWeight == null ? null : dataTensor(where, "sampleWeight", given.sampleWeight);
  const rows = x.shape[0];
  if (rows === 0)
    throw new DataError(`${where}: x holds no samples; its shape is ${shapeText(x.shape)}. Give at least one.`);
  assertRows(where, "y", y, rows);
  assertRows(where, "sampleWeight", weight, rows);
  if (weight !== null && weight.rank !== 1) {
    throw new ShapeError(
      `${where}: sampleWeight is one number a sample, of shape (${rows},); got ${shapeText(weight.shape)}.`,
    );
  }
  assertFinite(where, "x", x);
  if (y !== null) assertFinite(where, "y", y);
  if (weight !== null) assertFinite(where, "sampleWeight", weight);
  return { x, y, weight };
}

function assertRows(where: string, name: string, part: Tensor | null, rows: number): void {
  if (part === null || part.shape[0] === rows) return;
  throw new DataError(
    `${where}: x has ${rows} samples and ${name} has ${part.shape[0]}. Their first axes count the same samples.`,
  );
}

/** Data as a tensor; numbers become floatx. */
function dataTensor(where: string, name: string, data: unknown): Tensor {
  const found = data instanceof Tensor ? data : converted(where, name, data);
  if (found.rank === 0)
    throw new ShapeError(`${where}: ${name} is a single number. Its first axis counts samples: [[1]] is one sample.`);
  if (found.dtype === "uint32")
    throw new DTypeError(`${where}: ${name} is uint32, which is for random keys. Cast it: ${name}.cast("float32").`);
  return found;
}

function converted(where: string, name: string, data: unknown): Tensor {
  try {
    return tensor(data as Nested);
  } catch (error) {
    if (error instanceof GradwiseError) error.message = `${where}, ${name}: ${error.message}`;
    throw error;
  }
}

/** A whole number of at least 1. */
export function positive(where: string, name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new ValueError(`${where}: expected ${name} to be a whole number of at least 1, got ${String(value)}.`);
}

/** Tensors that hold no NaN and no infinity: they never change, so looking once is enough. */
const finite = new WeakSet<Tensor>();
/** Looking at fewer values is cheaper than remembering. */
const REMEMBER = 4096;

/** Throws a DataError that names the first row and column that hold NaN or an infinity. */
export function assertFinite(where: string, name: string, x: Tensor): void {
  if (!isFloat(x.dtype as DType) || finite.has(x)) return;
  const values = executor().readSync(x);
  if (isAllFinite(values)) {
    if (values.length >= REMEMBER) finite.add(x);
    return;
  }
  const at = values.findIndex((value: number) => !Number.isFinite(value));
  const width = Math.max(1, values.length / x.shape[0]);
  const row = Math.floor(at / width);
  const column = x.rank === 1 ? "" : `, column ${at % width}`;
  throw new DataError(
    `${where}: ${name} holds ${values[at]} at row ${row}${column}. Fill in such values, or drop their rows.`,
  );
}

/**
 * An exponent of ones is NaN or an infinity. Of a float64 the later word has it: machines are little-endian (see
 * formats/safetensors.ts). Integers are never boxed, as sums of floats are by cold code; four a turn take a third less
 * than one in Node 20.
 */
function isAllFinite(values: TypedArray): boolean {
  const words = new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  const step = values.BYTES_PER_ELEMENT / 4;
  const ones = step === 2 ? 0x7ff00000 : 0x7f800000;
  const whole = words.length - (words.length % (4 * step));
  for (let i = step - 1; i < whole; i += 4 * step) {
    if ((words[i] & ones) === ones || (words[i + step] & ones) === ones) return false;
    if ((words[i + 2 * step] & ones) === ones || (words[i + 3 * step] & ones) === ones) return false;
  }
  for (let i = whole + step - 1; i < words.length; i += step) if ((words[i] & ones) === ones) return false;
  return true;
}

/** Rows from..to-1. */
export function sliceSamples({ x, y, weight }: Samples, from: number, to: number): Samples {
  const rows = (t: Tensor): Tensor => {
    const values = executor().readSync(t);
    const width = values.length / t.shape[0];
    return hostTensor(values.slice(from * width, to * width), [to - from, ...t.shape.slice(1)], t.dtype);
  };
  return { x: rows(x), y: y === null ? null : rows(y), weight: weight === null ? null : rows(weight) };
}

/** The last part of the samples, before any shuffling, is held out: Keras's rule. */
export function splitOff(samples: Samples, fraction: number): { train: Samples; validation: Samples } {
  const rows = samples.x.shape[0];
  if (!(fraction > 0 && fraction < 1)) {
    throw new ValueError(
      `fit: expected a validationSplit between 0 and 1, got ${fraction}. 0.1 holds out the last tenth.`,
    );
  }
  const at = Math.floor(rows * (1 - fraction));
  if (at === 0 || at === rows) {
    throw new DataError(
      `fit: a validationSplit of ${fraction} leaves ${at} of ${rows} samples to train on. Give validationData instead.`,
    );
  }
  return { train: sliceSamples(samples, 0, at), validation: sliceSamples(samples, at, rows) };
}

/** Sample weights times the weights of the samples' classes. A class that is not named counts as one. */
export function weighClasses(samples: Samples, classWeight: ClassWeight | null): Samples {
  const { x, y, weight } = samples;
  if (classWeight === null || y === null) return samples;
  assertClassWeight(classWeight);
  const classes = classesOf(y);
  const weights = weight === null ? new Float64Array(classes.length).fill(1) : Float64Array.from(weight.dataSync());
  classes.forEach((label, row) => {
    const given = classWeight[label];
    if (given !== undefined) weights[row] *= given;
  });
  const values = floatx() === "float64" ? weights : Float32Array.from(weights);
  return { x, y, weight: hostTensor(values, [classes.length], floatx()) };
}

function assertClassWeight(classWeight: ClassWeight): void {
  if (typeof classWeight !== "object")
    throw new ValueError(`fit: expected classWeight like { 0: 1, 1: 5 }, got ${typeof classWeight}.`);
  for (const [label, weight] of Object.entries(classWeight)) {
    if (/^\d+$/.test(label) && Number.isFinite(weight) && weight >= 0) continue;
    throw new ValueError(
      `fit: classWeight gives ${String(weight)} for ${JSON.stringify(label)}. Give each class, from 0, a number of at least 0: { 0: 1, 1: 5 }.`,
    );
  }
}

/** One class a sample: the index itself, or where one-hot labels are greatest. */
function classesOf(y: Tensor): number[] {
  const rows = y.shape[0];
  const width = y.size / rows;
  if (y.rank > 2) {
    throw new ShapeError(
      `fit: classWeight needs one class a sample, got labels of shape ${shapeText(y.shape)}. Give sampleWeight instead.`,
    );
  }
  const values: TypedArray = y.dataSync();
  return Array.from({ length: rows }, (_, row) => {
    if (width === 1) return values[row];
    let best = 0;
    for (let c = 1; c < width; c++) if (values[row * width + c] > values[row * width + best]) best = c;
    return best;
  });
}
