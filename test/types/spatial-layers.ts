// What layers over pictures and sequences say about shapes, in a list and alone.

import {
  averagePooling1d,
  batchNormalization,
  conv1d,
  conv2d,
  dense,
  embedding,
  flatten,
  globalAveragePooling2d,
  input,
  layerNormalization,
  lstm,
  maxPooling2d,
  simpleRNN,
} from "../../src/layers/index.ts";
import type { Layer } from "../../src/layers/layer.ts";
import type { Apply } from "../../src/layers/shape-rule.ts";
import { type Sequential, sequential } from "../../src/models/sequential.ts";
import { is } from "./assertions.ts";

type Of<L, S extends readonly number[]> = L extends Layer<infer F> ? Apply<F, S> : never;
type Net<I, O> = Sequential<I, O>;

// ---- a small convolutional network
const net = sequential([
  input({ shape: [28, 28, 1] }),
  conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
  maxPooling2d(),
  conv2d({ filters: 32, kernelSize: 3, padding: "same" }),
  batchNormalization(),
  maxPooling2d({ poolSize: 2 }),
  flatten(),
  dense({ units: 10 }),
]);
is<typeof net, Net<[number, 28, 28, 1], [number, 10]>>(true);
const features = sequential([
  input({ shape: [28, 28, 1] }),
  conv2d({ filters: 16, kernelSize: [3, 5] }),
  maxPooling2d({ strides: 1 }),
  layerNormalization(),
]);
is<typeof features, Net<[number, 28, 28, 1], [number, 25, 23, 16]>>(true);
const means = sequential([input({ shape: [32, 32, 3] }), globalAveragePooling2d()]);
is<typeof means, Net<[number, 32, 32, 3], [number, 3]>>(true);

// ---- sequences
const words = sequential([
  input({ shape: [100], dtype: "int32" }),
  embedding({ inputDim: 1000, outputDim: 16 }),
  conv1d({ filters: 8, kernelSize: 5, padding: "causal" }),
  averagePooling1d(),
]);
is<typeof words, Net<[number, 100], [number, 50, 8]>>(true);
const row = conv1d({ filters: 8, kernelSize: 3, strides: 2 });
is<Of<typeof row, [4, 1000, 2]>, [4, 499, 8]>(true);
const kept = globalAveragePooling2d({ keepDims: true });
is<Of<typeof kept, [4, 7, 7, 2]>, [4, 1, 1, 2]>(true);

// ---- what does not fit
sequential([
  input({ shape: [28, 28] }),
  // @ts-expect-error conv2d expects [batch, height, width, channels], got (?, 28, 28)
  conv2d({ filters: 16, kernelSize: 3 }),
]);
sequential([
  input({ shape: [28, 28, 1] }),
  flatten(),
  // @ts-expect-error conv2d expects [batch, height, width, channels], got (?, 784)
  conv2d({ filters: 16, kernelSize: 3 }),
]);
sequential([
  input({ shape: [4, 4, 1] }),
  // @ts-expect-error conv2d: a window of 5 does not fit into 4
  conv2d({ filters: 16, kernelSize: 5 }),
]);
sequential([
  input({ shape: [4, 4, 1] }),
  // @ts-expect-error pooling2d: a window of 8 does not fit into 4
  maxPooling2d({ poolSize: 8 }),
  flatten(),
]);
// @ts-expect-error conv2d has no causal padding
conv2d({ filters: 1, kernelSize: 3, padding: "causal" });

// ---- recurrent layers
const reader = sequential([
  input({ shape: [100, 16] }),
  simpleRNN({ units: 8, returnSequences: true }),
  lstm({ units: 64 }),
  dense({ units: 1 }),
]);
is<typeof reader, Net<[number, 100, 16], [number, 1]>>(true);
const every = lstm({ units: 3, returnSequences: true });
is<Of<typeof every, [4, 5, 2]>, [4, 5, 3]>(true);
// @ts-expect-error: the first gives [batch, units], no sequence
sequential([input({ shape: [100, 16] }), lstm({ units: 8 }), simpleRNN({ units: 8 })]);
