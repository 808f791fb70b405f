import { loadDigits } from "@gradwise/datasets";
import { splitIndices, type Tensor, tensor } from "gradwise";

export const SIDE = 20;
const PIXELS = 400;
export const CLASSES: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** Examples as they were written and as the network takes them. */
export interface DigitSet {
  /** Grey levels 0 to 255 of the i-th digit, row-major. */
  pixels(i: number): Uint8Array;
  readonly labels: Int32Array;
  /** Levels from 0 to 1. */
  readonly x: Tensor<[number, 400], "float32">;
  readonly y: Tensor<[number], "int32">;
}

export interface DigitSets {
  readonly train: DigitSet;
  readonly validation: DigitSet;
  readonly test: DigitSet;
}

/** 4,000, 500 and 500 digits, a tenth of each for every class; the same ones in every run and on every machine. */
export async function loadDigitSets(): Promise<DigitSets> {
  const { x: pixels, y: labels } = await loadDigits();
  const [train, validation, test] = splitIndices(labels, { sizes: [4000, 500, 500], seed: 0 });
  const x = tensor(pixels, { shape: [labels.length, PIXELS] }).div(255);
  const y = tensor(labels);
  const part = (indices: Int32Array): DigitSet => {
    const rows = tensor(indices);
    return {
      pixels: (i) => pixels.subarray(indices[i] * PIXELS, (indices[i] + 1) * PIXELS),
      labels: y.gather(rows).dataSync(),
      x: x.gather(rows),
      y: y.gather(rows),
    };
  };
  return { train: part(train), validation: part(validation), test: part(test) };
}
