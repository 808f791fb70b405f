// What attention says about shapes, alone and in a list, and layers that are made of others.

import type { Any } from "../../src/core/shape-types.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import {
  dense,
  embedding,
  flatten,
  globalAveragePooling1d,
  input,
  layerNormalization,
  multiHeadAttention,
} from "../../src/layers/index.ts";
import { type CallContext, Layer } from "../../src/layers/layer.ts";
import type { Apply, Same } from "../../src/layers/shape-rule.ts";
import { type Sequential, sequential } from "../../src/models/sequential.ts";
import { is } from "./assertions.ts";

type Of<L, S extends readonly number[]> = L extends Layer<infer F> ? Apply<F, S> : never;
type F<S extends readonly number[]> = Tensor<S, "float32">;
declare const sequence: F<[8, 5, 16]>;
declare const longer: F<[8, 9, 4]>;
declare const batch: F<[number, 784]>;
declare const unknown: Tensor;

// ---- alone
const same = multiHeadAttention({ numHeads: 2, keyDim: 8 });
is<Of<typeof same, [8, 5, 16]>, [8, 5, 16]>(true);
const wide = multiHeadAttention({ numHeads: 2, keyDim: 8, valueDim: 4, outputShape: 32 });
is<Of<typeof wide, [8, 5, 16]>, [8, 5, 32]>(true);
const two = multiHeadAttention({ numHeads: 2, keyDim: 8, outputShape: [4, 3] });
is<Of<typeof two, [number, 5, 16]>, [number, 5, 4, 3]>(true);
const y = same.apply(sequence);
is<typeof y, Tensor<[8, 5, 16], Any>>(true);
const z = wide.attend({ query: sequence, value: longer, useCausalMask: true }, { training: true });
is<typeof z, Tensor<[8, 5, 32], Any>>(true);
const open = same.attend({ query: unknown, value: unknown, key: unknown });
is<typeof open, Tensor<Any, Any>>(true);

// @ts-expect-error multiHeadAttention expects [batch, steps, features], got (?, 784)
same.apply(batch);
// @ts-expect-error the query likewise
same.attend({ query: batch, value: longer });
// @ts-expect-error a value is needed
same.attend({ query: sequence });
// @ts-expect-error an option is misspelled
multiHeadAttention({ heads: 2, keyDim: 8 });

// ---- in a list
const net = sequential([
  input({ shape: [64], dtype: "int32" }),
  embedding({ inputDim: 1000, outputDim: 32 }),
  multiHeadAttention({ numHeads: 4, keyDim: 8 }),
  globalAveragePooling1d(),
  dense({ units: 2 }),
]);
is<typeof net, Sequential<[number, 64], [number, 2]>>(true);
sequential([
  input({ shape: [28, 28] }),
  flatten(),
  // @ts-expect-error multiHeadAttention expects [batch, steps, features], got (?, 784)
  multiHeadAttention({ numHeads: 4, keyDim: 8 }),
]);

// ---- a layer that is made of others
class Block extends Layer<Same> {
  readonly attention = multiHeadAttention({ numHeads: 2, keyDim: 8 });
  readonly norm = layerNormalization();
  readonly #inner = this.addLayer("inner", dense({ units: 16 }));
  override call(x: Tensor, ctx: CallContext): Tensor {
    const seen = this.norm.apply(x.add(this.attention.apply(x, ctx)));
    return seen.add(this.#inner.apply(seen));
  }
}
const blocks = sequential([input({ shape: [5, 16] }), new Block(), new Block()]);
is<typeof blocks, Sequential<[number, 5, 16], [number, 5, 16]>>(true);
