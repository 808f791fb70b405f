import { type DType, floatx, isFloat, type TypedArray } from "../core/dtype.ts";
import { DataError, ShapeError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import { hostTensor, type Nested, Tensor } from "../graph/tensor.ts";
import { tensor } from "../ops/tensor.ts";
import type { Samples } from "./feed.ts";

/** What data may be given as. */
export type ArrayLikeData = Tensor | Nested | TypedArray;

/** A weight for each class: `{ 0: 1, 1: 5 }`. */
export type ClassWeight = Readonly<Record<number, number>>;

/** Data as a tensor; numbers become floatx. */
export function dataTensor(data: ArrayLikeData): Tensor {
  if (data instanceof Tensor) return data;
  return tensor(data as Nested) as Tensor;
}

/** Throws unless x, y and weights are samples of one another. `where` is fit, evaluate ... */
export function checkedSamples(where: string, x: Tensor, y: Tensor | null, weight: Tensor | null): Samples {
  if (x.rank === 0) throw new ShapeError(`${where}: x is a single number. Its first axis counts samples: tensor([[1]]) is one sample.`);
  const rows = x.shape[0];
  if (rows === 0) throw new DataError(`${where}: x holds no samples; its shape is ${shapeText(x.shape)}.`);
  for (const [name, part] of [["y", y], ["sampleWeight", weight]] as const) {
    if (part !== null && part.shape[0] !== rows) {
      throw new DataError(`${where}: x has ${rows} samples and ${name} has ${part.shape[0] ?? "no axis"}. Both first axes count the same samples.`);
    }
  }
  if (weight !== null && weight.rank !== 1) {
    throw new ShapeError(`${where}: sampleWeight is one number a sample, of shape (${rows},); got ${shapeText(weight.shape)}.`);
  }
  assertFinite(where, "x", x);
  if (y !== null) assertFinite(where, "y", y);
  if (weight !== null) assertFinite(where, "sampleWeight", weight);
  return { x, y, weight };
}

/** Throws a DataError that names the first row and column that hold NaN or an infinity. */
export function assertFinite(where: string, name: string, x: Tensor): void {
  if (!isFloat(x.dtype as DType)) return;
  const values = x["~source"].kind === "host" ? x["~source"].array : x.dataSync();
  // A sum is finite only if every term is, but for overflow: so it decides quickly.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  if (sum === 0) return;
  const at = values.findIndex((value: number) => !Number.isFinite(value));
  const width = Math.max(1, values.length / x.shape[0]);
  const row = Math.floor(at / width);
  const column = x.rank === 1 ? "" : `, column ${at % width}`;
  throw new DataError(`${where}: ${name} holds ${values[at]} at row ${row}${column}. Fill in or drop such values before training.`);
}

/** Rows from..to-1. */
export function sliceSamples({ x, y, weight }: Samples, from: number, to: number): Samples {
  const rows = (t: Tensor): Tensor => {
    const source = t["~source"];
    const values = source.kind === "host" ? source.array : t.dataSync();
    const width = values.length / t.shape[0];
    return hostTensor(values.slice(from * width, to * width), [to - from, ...t.shape.slice(1)], t.dtype);
  };
  return { x: rows(x), y: y === null ? null : rows(y), weight: weight === null ? null : rows(weight) };
}

/** The last part of the samples, before any shuffling, is held out: Keras's rule. */
export function splitOff(samples: Samples, fraction: number): { train: Samples; validation: Samples } {
  const rows = samples.x.shape[0];
  if (!(fraction > 0 && fraction < 1)) {
    throw new ValueError(`fit: expected a validationSplit between 0 and 1, got ${fraction}. 0.1 holds out the last tenth.`);
  }
  const at = Math.floor(rows * (1 - fraction));
  if (at === 0 || at === rows) {
    throw new DataError(`fit: a validationSplit of ${fraction} leaves ${at} of ${rows} samples to train on. Give validationData instead.`);
  }
  return { train: sliceSamples(samples, 0, at), validation: sliceSamples(samples, at, rows) };
}

/** Sample weights times the weights of the samples' classes. */
export function weighClasses(samples: Samples, classWeight: ClassWeight | null): Samples {
  const { x, y, weight } = samples;
  if (classWeight === null || y === null) return samples;
  const classes = classesOf(y);
  const weights = weight === null ? new Float64Array(classes.length).fill(1) : Float64Array.from(weight.dataSync());
  classes.forEach((label, row) => {
    const given = classWeight[label];
    if (given !== undefined) weights[row] *= given;
  });
  const values = floatx() === "float64" ? weights : Float32Array.from(weights);
  return { x, y, weight: hostTensor(values, [classes.length], floatx()) };
}

/** One class a sample: the index itself, or where one-hot labels are greatest. */
function classesOf(y: Tensor): number[] {
  const values = y.dataSync() as TypedArray;
  const rows = y.shape[0];
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    if (width === 1) return values[row];
    let best = 0;
    for (let c = 1; c < width; c++) if (values[row * width + c] > values[row * width + best]) best = c;
    return best;
  });
}
