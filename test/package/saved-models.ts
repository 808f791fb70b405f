import type { SavedModel } from "../../src/formats/config-tree.ts";

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
