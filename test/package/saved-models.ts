import type { SavedModel } from "../../src/formats/config-tree.ts";
import { layers, type Model, sequential } from "../../src/index.ts";

/** A model all of whose parts tell its number, so that a mixture of two shows. */
export function modelOf(number: number, size = 64): SavedModel {
  return {
    config: { class_name: "Sequential", config: { name: `model ${number}` } },
    arrays: [
      { name: "layers/dense/vars/0", dtype: "float32", shape: [size], data: new Float32Array(size).fill(number) },
      { name: "optimizer/vars/0", dtype: "int32", shape: [], data: new Int32Array([number]) },
    ],
  };
}

/** A trained network all of whose weights are its number; with its optimizer's state, many times a write of 64 kB. */
export async function networkOf(number: number): Promise<Model> {
  const net = sequential([layers.dense({ units: 50, inputShape: [100] })], { name: `network ${number}` });
  const model = net.compile({ optimizer: "adam", loss: "mse" });
  await model.fit([Array<number>(100).fill(number)], [Array<number>(50).fill(1)], { verbose: 0, epochs: number + 1 });
  model.setWeights(model.getWeights().map((weight) => weight.mul(0).add(number)));
  return model;
}
