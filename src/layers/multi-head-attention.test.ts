import { describe, expect, it } from "vitest";
import { testLayer } from "../../test/conformance/test-layer.ts";
import { isNear } from "../../test/support/compare.ts";
import { ENGINES, REFERENCE } from "../../test/support/engines.ts";
import { sample } from "../../test/support/expect-gradients.ts";
import { type Listed, numbersOf, readGolden, tensorOf } from "../../test/support/golden.ts";
import { testShape } from "../../test/support/test-shape.ts";
import { KERAS_TOLERANCES } from "../../test/support/tolerances.ts";
import { compile } from "../engine/compile.ts";
import { valueAndGrad, vjp } from "../engine/gradients.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Tensor } from "../graph/tensor.ts";
import { castTo } from "../ops/cast.ts";
import { ones } from "../ops/full.ts";
import { mul } from "../ops/mul.ts";
import { key } from "../ops/random.ts";
import { sum } from "../ops/sum.ts";
import { tensor } from "../ops/tensor.ts";
import type { AttentionMasks } from "./attention-mask.ts";
import { layerFromConfig } from "./layer-from-config.ts";
import { type MultiHeadAttention, multiHeadAttention } from "./multi-head-attention.ts";

testLayer({
  name: "multiHeadAttention",
  make: (options) => multiHeadAttention({ numHeads: 2, keyDim: 3, valueDim: 2, dropout: 0.3, ...options }),
  shapes: [
    [
      [3, 4, 5],
      [3, 4, 5],
    ],
    [
      [3, 1, 2],
      [3, 1, 2],
    ],
  ],
  weights: [[5, 2, 3], [2, 3], [5, 2, 3], [2, 3], [5, 2, 2], [2, 2], [2, 2, 5], [5]], // biome-ignore format: pairs
  training: () => ({ training: true, key: key(7) }),
});

interface Case {
  readonly layer: ConfigObject;
  readonly weights: readonly Listed[];
  readonly useCausalMask: boolean;
  readonly masks: Readonly<Record<string, Listed>>;
  readonly y: Listed;
  readonly dy: Listed;
  readonly dweights: readonly Listed[];
  readonly query: Listed;
  readonly value?: Listed;
  readonly key?: Listed;
  readonly dquery: Listed;
  readonly dvalue?: Listed;
  readonly dkey?: Listed;
}

const { cases, versions } = readGolden<Case>("keras-attention");

/** Relative to the greatest value: sums cancel. */
function expectClose(got: Tensor, want: Listed, tolerance: number, what: string, all: readonly Listed[] = []): void {
  expect([...got.shape], `${what}: shape`).toEqual(want.shape);
  const values = numbersOf(want);
  const scale = Math.max(1, ...[want, ...all].flatMap(numbersOf).map(Math.abs));
  got.dataSync().forEach((value: number, i: number) => {
    const near = isNear(value, values[i], tolerance, scale);
    expect(near, `${what} at ${i}: ${value}, Keras has ${values[i]}`).toBe(true);
  });
}

function masksOf({ masks, useCausalMask }: Case): AttentionMasks {
  const { attention_mask: attention, value_mask: value } = masks;
  return {
    useCausalMask,
    ...(attention === undefined ? {} : { attentionMask: tensorOf(attention, "bool") }),
    ...(value === undefined ? {} : { valueMask: tensorOf(value, "bool") }),
  };
}

describe.each(ENGINES)(`as Keras ${versions["keras"]}, on $name`, ({ use }) => {
  it.each(cases.map((each, i) => ({ ...each, name: `${i} ${JSON.stringify(each.layer.config["name"])}` })))(
    "$name",
    (each) => {
      use(() => {
        const layer = layerFromConfig(each.layer) as MultiHeadAttention;
        const masks = masksOf(each);
        const names = (["query", "value", "key"] as const).filter((name) => each[name] !== undefined);
        const inputs = names.map((name) => tensorOf(each[name] as Listed));
        const f = (query: Tensor, value = query, k = value): Tensor => layer.attend({ query, value, key: k, ...masks });
        f(...(inputs as [Tensor]));
        expect(layer.variables.map((v) => v.shape)).toEqual(each.weights.map(({ shape }) => shape));
        layer.setWeights(each.weights.map((w) => tensorOf(w)));
        const { value: y, pull } = vjp(f, ...(inputs as [Tensor]));
        expectClose(y, each.y, KERAS_TOLERANCES.value, "y");
        const dy = tensorOf(each.dy);
        pull(dy).forEach((dx: Tensor, i: number) => {
          expectClose(dx, each[`d${names[i]}`] as Listed, KERAS_TOLERANCES.gradient, `d ${names[i]}`);
        });
        const total = (): Tensor => sum(mul(f(...(inputs as [Tensor])), dy)) as Tensor;
        const { gradients } = valueAndGrad(total, layer.trainableVariables);
        // That of the key's bias is 0 but for rounding: it adds the same to all scores of a row. So all are measured alike.
        gradients.forEach((dw, i) => {
          const name = layer.namedVariables[i][0];
          expectClose(dw, each.dweights[i], KERAS_TOLERANCES.gradient, name, each.dweights);
        });
      });
    },
  );
});

describe("configurations of Keras", () => {
  it.each(cases.map(({ layer }) => layer))("$config.name is written as it was read", (each) => {
    const { config, ...rest } = layerFromConfig(each).config;
    const { config: want, ...wantedRest } = each;
    expect(rest).toEqual(wantedRest);
    for (const option of Object.keys(config)) expect(config[option], option).toEqual(want[option]);
    for (const option of Object.keys(want)) if (!(option in config)) expect(want[option], option).toBeNull();
  });
});

const make = (): MultiHeadAttention => multiHeadAttention({ numHeads: 2, keyDim: 3, name: "look" });

describe("multiHeadAttention", () => {
  it("makes the products of all samples and heads at once, and moves heads four times", () => {
    REFERENCE.use(() => {
      const layer = make();
      layer.ensureBuilt([null, 4, 5]);
      const { nodes } = compile((x: Tensor): Tensor => layer.apply(x)).program(ones([3, 4, 5])).graph;
      const count = (name: string): number => nodes.filter((node) => node.op.name === name).length;
      expect([count("matmul"), count("transpose")]).toEqual([6, 4]);
      expect(nodes.filter((node) => node.op.name === "matmul").map((node) => node.outputs[0].shape)).toContainEqual([
        3, 2, 4, 4,
      ]);
    });
  });

  it("takes a step's mask as Keras does: steps that do not count are not heard", () => {
    REFERENCE.use(() => {
      const layer = make();
      const x = castTo(sample([1, 3, 4], 1), "float32");
      const mask = tensor([[true, true, false]]);
      const short = layer.apply(x.slice([0], [0, 2]));
      const masked: Tensor = layer.apply(x, { mask }).slice([0], [0, 2]);
      [...masked.dataSync()].forEach((value, i) => {
        expect(value).toBeCloseTo(short.dataSync()[i], 6);
      });
    });
  });

  it("is stable where scores are huge, and with a window", () => {
    REFERENCE.use(() => {
      const layer = multiHeadAttention({ numHeads: 1, keyDim: 2, slidingWindow: 1, useBias: false });
      const x = tensor([[[1e15, -1e15], [1, 1e15]]]); // biome-ignore format: rows
      testShape(layer.apply(x), [1, 2, 2]);
      expect([...layer.apply(x).dataSync()].every(Number.isFinite)).toBe(true);
    });
  });

  it("says what does not fit", () => {
    REFERENCE.use(() => {
      const layer = make();
      expect(() => layer.apply(ones([3, 4]) as Tensor)).toThrow(
        'multi_head_attention "look": expected [batch, steps, features], got shape (3, 4). Bring other axes of steps into one: x.reshape([batch, -1, features]).',
      );
      const x: Tensor = ones([2, 3, 4]);
      layer.apply(x);
      expect(() => layer.apply(ones([2, 3, 5]) as Tensor)).toThrow(
        'axes_dense "query": expected 4 features, got 5 in shape (2, 3, 5). Its weights were made for 4.',
      );
      expect(() => layer.attend({ query: x, value: ones([1, 3, 4]) })).toThrow(
        "expected a value of shape (2, steps, features), got (1, 3, 4). Samples and steps must be as many.",
      );
      expect(() => layer.attend({ query: x, value: x, key: ones([2, 2, 4]) })).toThrow(
        "expected a key of shape (2, 3, features), got (2, 2, 4)",
      );
      expect(() => layer.attend({ query: x, value: x, queryMask: ones([2, 4]) })).toThrow(
        'multi_head_attention "look": expected queryMask of shape (2, 3), got (2, 4).',
      );
      expect(() => layer.attend({ query: x, value: x, attentionMask: ones([3, 2]) })).toThrow(
        "expected attentionMask of shape (2, 3, 3) or (3, 3) or (2, 2, 3, 3) or (2, 1, 3, 3), got (3, 2).",
      );
      expect(() => layer.ensureBuilt([null, 3, null])).not.toThrow();
      expect(() => make().ensureBuilt([null, 3, null])).toThrow("expected known sizes on the last axis");
    });
  });

  it("refuses options that are none", () => {
    expect(() => multiHeadAttention({ numHeads: 0, keyDim: 2 })).toThrow(
      'multi_head_attention "multi_head_attention": expected numHeads to be a whole number of at least 1, got 0.',
    );
    expect(() => multiHeadAttention({ numHeads: 1, keyDim: 1.5 })).toThrow("expected keyDim to be a whole number");
    expect(() => multiHeadAttention({ numHeads: 1, keyDim: 2, outputShape: [0] })).toThrow("expected outputShape");
    expect(() => multiHeadAttention({ numHeads: 1, keyDim: 2, slidingWindow: -1 })).toThrow("expected slidingWindow");
    expect(() => multiHeadAttention({ numHeads: 1, keyDim: 2, dropout: 1 })).toThrow("expected a rate of at least 0");
    expect(() => multiHeadAttention({ numHeads: 1, keyDim: 2, attentionAxes: [1, 2] })).toThrow(
      "attentionAxes 1, 2 are not there yet. Leave them out.",
    );
  });
});
