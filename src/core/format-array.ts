import { type DType, isFloat, type TypedArray } from "./dtype.ts";
import { floatFormat, scalarText } from "./format-float.ts";
import { type Shape, shapeText, sizeOf, stridesOf } from "./shape.ts";

/** NumPy's print options: larger arrays show this many values at each end of an axis; lines hold so many characters. */
const THRESHOLD = 1000;
const EDGE = 3;
const LINE_WIDTH = 75;

/** The values as NumPy 2.4 prints them, then shape and dtype: `[[1. 2. 3.]], shape=(1, 3), dtype=float32`. */
export function formatTensor(values: TypedArray, shape: Shape, dtype: DType): string {
  return `${formatArray(values, shape, dtype)}, shape=${shapeText(shape)}, dtype=${dtype}`;
}

/** What NumPy's `str` gives for an array of these values in row-major order. */
export function formatArray(values: TypedArray, shape: Shape, dtype: DType): string {
  if (shape.length === 0) return formatScalar(values[0], dtype);
  if (sizeOf(shape) === 0) return "[]";
  const summarize = values.length > THRESHOLD;
  const strides = stridesOf(shape);
  const format = elementFormat(shownValues(values, shape, strides, summarize), dtype);
  // Lines after the first are indented past the brackets that are open.
  const rows = (axis: number, at: number, indent: string, width: number): string => {
    const size = shape[axis];
    const part = (i: number): string => {
      const offset = at + i * strides[axis];
      return axis === shape.length - 1 ? format(values[offset]) : rows(axis + 1, offset, `${indent} `, width - 1);
    };
    const words = shownIndices(size, summarize).map((i) => (i === null ? "..." : part(i)));
    const axesLeft = shape.length - axis;
    const text = axesLeft === 1 ? wrapped(words, indent, width - 1) : words.join("\n".repeat(axesLeft - 1) + indent);
    return `[${text}]`;
  };
  return rows(0, 0, " ", LINE_WIDTH);
}

function formatScalar(value: number, dtype: DType): string {
  if (dtype === "bool") return value === 0 ? "False" : "True";
  return isFloat(dtype) ? scalarText(value, dtype === "float32") : String(value);
}

/** The indices of an axis that are shown; null stands for the dots. */
function shownIndices(size: number, summarize: boolean): (number | null)[] {
  if (!summarize || size <= 2 * EDGE) return Array.from({ length: size }, (_, i) => i);
  const lead = Array.from({ length: EDGE }, (_, i) => i);
  return [...lead, null, ...lead.map((i) => size - EDGE + i)];
}

/** The values that decide on digits and widths: those that are shown. */
function shownValues(values: TypedArray, shape: Shape, strides: readonly number[], summarize: boolean): number[] {
  let offsets = [0];
  shape.forEach((size, axis) => {
    const steps = shownIndices(size, summarize).filter((i) => i !== null);
    offsets = offsets.flatMap((offset) => steps.map((i) => offset + i * strides[axis]));
  });
  return offsets.map((offset) => values[offset]);
}

function elementFormat(shown: readonly number[], dtype: DType): (x: number) => string {
  if (isFloat(dtype)) return floatFormat(shown, dtype === "float32");
  if (dtype === "bool") return (x) => (x === 0 ? "False" : " True");
  const width = shown.reduce((most, x) => Math.max(most, String(x).length), 0);
  return (x) => String(x).padStart(width);
}

/** Words with spaces between, broken before a word that would reach past `width`. */
function wrapped(words: readonly string[], indent: string, width: number): string {
  let done = "";
  let line = indent;
  words.forEach((word, i) => {
    if (line.length + word.length > width && line.length > indent.length) {
      done += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += i < words.length - 1 ? `${word} ` : word;
  });
  return (done + line).slice(indent.length);
}
