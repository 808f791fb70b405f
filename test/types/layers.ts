// What layers do to shapes, as types: exact results, and the layer that is blamed in a list.
import type { Any, Shape } from "../../src/core/shape-types.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import {
  activation,
  dense,
  dropout,
  flatten,
  input,
  type Layer,
  layerFromConfig,
  reshape,
} from "../../src/layers/index.ts";
import type { Checked, InOf, Known, OutOf, Stack } from "../../src/layers/stack-types.ts";
import { is } from "./assertions.ts";

/** As models/ declare it. */
interface Model<I = Any, O = Any> {
  readonly shapes: readonly [I, O];
}
declare function sequential<const L extends Stack>(
  layers: L & Checked<L, Shape>,
): Model<Known<InOf<L>>, Known<OutOf<L, Shape>>>;

type F<S extends Shape> = Tensor<S, "float32">;
declare const batch: F<[number, 784]>;
declare const pictures: F<[32, 28, 28]>;
declare const sequence: F<[8, 5, 16]>;
declare const vector: F<[784]>;
declare const scalar: F<[]>;
declare const unknown: Tensor;
declare const anyRank: F<number[]>;
declare const n: number;

// ---- apply
{
  const y = dense({ units: 10 }).apply(batch);
  is<typeof y, Tensor<[number, 10], Any>>(true);
  const z = dense({ units: 10 }).apply(sequence);
  is<typeof z, Tensor<[8, 5, 10], Any>>(true);
  const open = dense({ units: n }).apply(batch);
  is<typeof open, Tensor<[number, number], Any>>(true);
  const flat = flatten().apply(pictures);
  is<typeof flat, Tensor<[32, 784], Any>>(true);
  const column = flatten().apply(vector);
  is<typeof column, Tensor<[784, 1], Any>>(true);
  const folded = reshape({ targetShape: [28, 28] }).apply(batch);
  is<typeof folded, Tensor<[number, 28, 28], Any>>(true);
  const left = reshape({ targetShape: [4, -1] }).apply(batch);
  is<typeof left, Tensor<[number, 4, number], Any>>(true);
  const same = dropout({ rate: 0.5 }).apply(sequence);
  is<typeof same, Tensor<[8, 5, 16], Any>>(true);
  const relu = activation({ activation: "relu" }).apply(vector);
  is<typeof relu, Tensor<[784], Any>>(true);

  // @ts-expect-error dense expects rank >= 2, got (784,)
  dense({ units: 10 }).apply(vector);
  // @ts-expect-error flatten expects rank >= 1, got ()
  flatten().apply(scalar);
  // @ts-expect-error reshape: 784 values a row do not fill (28, 27)
  reshape({ targetShape: [28, 27] }).apply(batch);
  // @ts-expect-error units are a number
  dense({ units: "10" });
  // @ts-expect-error an option is misspelled
  dense({ unit: 10 });
}

// ---- what is not known is never judged
{
  const a = dense({ units: 10 }).apply(unknown);
  is<typeof a, Tensor<Any, Any>>(true);
  const b = dense({ units: 10 }).apply(anyRank);
  is<typeof b, Tensor<Any, Any>>(true);
  const some: Layer = layerFromConfig({ class_name: "Dense", config: { units: 3 } });
  const c = some.apply(vector);
  is<typeof c, Tensor<Any, Any>>(true);
  let x: Tensor = batch;
  for (const layer of [dense({ units: 3 }), dropout({ rate: 0.1 })] as Layer[]) x = layer.apply(x);
  is<typeof x, Tensor>(true);
  const list: Layer[] = [dense({ units: 3 }), flatten()];
  const m = sequential(list);
  is<typeof m, Model>(true);
}

// ---- lists
{
  const m = sequential([dense({ units: 25, activation: "relu" }), dense({ units: 10 })]);
  is<typeof m, Model>(true); // nothing says what comes in
  const net = sequential([
    input({ shape: [28, 28] }),
    flatten(),
    dense({ units: 128, activation: "relu", name: "layer1" }),
    dropout({ rate: 0.5 }),
    dense({ units: 10 }),
    activation({ activation: "softmax" }),
  ]);
  is<typeof net, Model<[number, 28, 28], [number, 10]>>(true);
  const open = sequential([input({ shape: [null, 16] }), dense({ units: 4 })]);
  is<typeof open, Model<[number, number, 16], [number, number, 4]>>(true);
  const image = sequential([
    input({ shape: [784] }),
    reshape({ targetShape: [28, 28, 1] }),
    flatten(),
    dense({ units: 2 }),
  ]);
  is<typeof image, Model<[number, 784], [number, 2]>>(true);
  const empty = sequential([]);
  is<typeof empty, Model>(true);

  sequential([
    input({ shape: [784] }),
    dense({ units: 10 }),
    // @ts-expect-error reshape: 10 values a row do not fill (3, 4)
    reshape({ targetShape: [3, 4] }),
    dense({ units: 2 }),
  ]);
  sequential([
    input({ shape: [] }),
    // @ts-expect-error dense expects rank >= 2, got (?,)
    dense({ units: 10 }),
  ]);
}
