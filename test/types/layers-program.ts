// instantiations: 20000
// A list of 30 layers with known shapes: what its types cost the compiler.
import type { Any, Shape } from "../../src/core/shape-types.ts";
import { activation, dense, dropout, flatten, input, reshape } from "../../src/layers/index.ts";
import type { Checked, InOf, Known, OutOf, Stack } from "../../src/layers/stack-types.ts";

interface Model<I = Any, O = Any> {
  readonly shapes: readonly [I, O];
}
declare function sequential<const L extends Stack>(
  layers: L & Checked<L, Shape>,
): Model<Known<InOf<L>>, Known<OutOf<L, Shape>>>;

const net = sequential([
  input({ shape: [28, 28, 1] }),
  reshape({ targetShape: [14, 14, 4] }),
  flatten(),
  dense({ units: 512, activation: "relu", name: "layer1" }),
  dropout({ rate: 0.1 }),
  dense({ units: 1024 }),
  activation({ activation: "silu" }),
  reshape({ targetShape: [32, 32] }),
  dense({ units: 48, activation: "tanh" }),
  dropout({ rate: 0.2 }),
  flatten(),
  dense({ units: 768 }),
  reshape({ targetShape: [3, 16, 16] }),
  activation({ activation: "leakyRelu" }),
  dense({ units: 12 }),
  flatten(),
  dense({ units: 256 }),
  activation({ activation: "relu" }),
  dropout({ rate: 0.5 }),
  dense({ units: 257 }),
  dense({ units: 200, useBias: false }),
  reshape({ targetShape: [5, 40] }),
  dense({ units: 41 }),
  flatten(),
  dense({ units: 64, activation: "relu" }),
  dropout({ rate: 0.3 }),
  dense({ units: 32, activation: "relu" }),
  dense({ units: 16 }),
  dense({ units: 10 }),
  activation({ activation: "softmax" }),
]);

export const shapes: readonly [[number, 28, 28, 1], [number, 10]] = net.shapes;
