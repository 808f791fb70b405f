import type { Model } from "../../src/models/model.ts";
import type { Gradwise } from "./fresh-gradwise.ts";

/** A number in [0, 1) for each i, the same everywhere: the fractions of multiples of the golden ratio, mixed. */
function uniformAt(i: number): number {
  const word = Math.imul((i + 1) ^ ((i + 1) >>> 15), 0x9e3779b1);
  return ((word ^ (word >>> 13)) >>> 0) / 2 ** 32;
}

/** Rows of numbers in [-1, 1), and which of the classes a fixed rule says each is of. */
export function smallData(rows: number, features = 4, classes = 3): { x: number[][]; y: number[] } {
  const x = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: features }, (_, c) => 2 * uniformAt(r * features + c) - 1),
  );
  const y = x.map((row) => {
    const scores = Array.from({ length: classes }, (_, k) =>
      row.reduce((sum, v, c) => sum + v * Math.cos(1.7 * k + c), 0),
    );
    return scores.indexOf(Math.max(...scores));
  });
  return { x, y };
}

/** 4 features to 3 classes over 6 units, with weights of a fixed seed. */
export function smallModel(
  library: Gradwise,
  { dropout = 0, optimizer = "adam" }: { dropout?: number; optimizer?: string } = {},
): Model {
  const { layers, losses, optimizers, sequential } = library;
  const list = [
    layers.dense({ units: 6, activation: "tanh" }),
    layers.dropout({ rate: dropout }),
    layers.dense({ units: 3 }),
  ];
  return sequential(list, { seed: 11, name: "small" }).compile({
    optimizer: optimizer === "adam" ? optimizers.adam({ learningRate: 0.02 }) : optimizer,
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    metrics: ["accuracy"],
  });
}

/** All weights, one after the other. */
export function bits(model: Model): number[] {
  return model.getWeights().flatMap((weight) => [...(weight.dataSync() as Float32Array)]);
}
