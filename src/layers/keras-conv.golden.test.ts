import { describe, expect, it } from "vitest";
import { isNear } from "../../test/support/compare.ts";
import { ENGINES } from "../../test/support/engines.ts";
import { type Listed, numbersOf, readGolden, tensorOf } from "../../test/support/golden.ts";
import { KERAS_TOLERANCES } from "../../test/support/tolerances.ts";
import { grad, valueAndGrad } from "../engine/gradients.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { Tensor } from "../graph/tensor.ts";
import { mul } from "../ops/mul.ts";
import { sum } from "../ops/sum.ts";
import { tensor } from "../ops/tensor.ts";
import { layerFromConfig } from "./layer-from-config.ts";

interface Case {
  readonly layer: ConfigObject;
  readonly x: Listed;
  readonly training: boolean;
  readonly weights: readonly Listed[];
  readonly y: Listed;
  readonly dy: Listed;
  readonly dweights: readonly Listed[];
  readonly dx?: Listed;
  /** [batch, steps]: the steps that count. */
  readonly mask?: readonly (readonly boolean[])[];
  /** Weights that are not trained, after the call. */
  readonly moved?: readonly Listed[];
}

const { cases } = readGolden<Case>("keras-conv");

/** Relative to the greatest value: sums cancel. */
function expectClose(got: Tensor, want: Listed, tolerance: number, what: string): void {
  expect([...got.shape], `${what}: shape`).toEqual(want.shape);
  const values = numbersOf(want);
  const scale = Math.max(1, ...values.map(Math.abs));
  got.dataSync().forEach((value: number, i: number) => {
    const near = isNear(value, values[i], tolerance, scale);
    expect(near, `${what} at ${i}: ${value}, Keras has ${values[i]}`).toBe(true);
  });
}

describe.each(ENGINES)("as Keras, on $name", ({ use }) => {
  it.each(cases.map((each) => ({ ...each, name: each.layer.config["name"] })))("$name, training $training", (each) => {
    use(() => {
      const layer = layerFromConfig(each.layer);
      const x = tensorOf(each.x, each.dx === undefined ? "int32" : "float32");
      const dy = tensorOf(each.dy);
      const ctx = { training: each.training, mask: each.mask === undefined ? null : (tensor(each.mask) as Tensor) };
      const start = each.weights.map((w) => tensorOf(w));
      layer.ensureBuilt(x.shape);
      expect(layer.variables.map((v) => v.shape)).toEqual(each.weights.map(({ shape }) => shape));
      layer.setWeights(start);
      expectClose(layer.apply(x, ctx), each.y, KERAS_TOLERANCES.value, "y");
      const still = layer.variables.slice(layer.variables.length - (each.moved?.length ?? 0));
      each.moved?.forEach((want, i) => {
        expectClose(still[i].read(), want, KERAS_TOLERANCES.value, still[i].name);
      });
      layer.setWeights(start);
      const total = (input: Tensor): Tensor => sum(mul(layer.apply(input, ctx), dy)) as Tensor;
      if (each.dx !== undefined) expectClose(grad(total)(x), each.dx, KERAS_TOLERANCES.gradient, "dx");
      const { gradients } = valueAndGrad(() => total(x), layer.trainableVariables);
      expect(gradients.length).toBe(each.dweights.length);
      gradients.forEach((dw, i) => {
        expectClose(dw, each.dweights[i], KERAS_TOLERANCES.gradient, `d ${layer.trainableVariables[i].name}`);
      });
    });
  });
});

describe("configurations of Keras", () => {
  it.each(cases.map(({ layer }) => layer))("$config.name is written as it was read", (each) => {
    const { config, ...rest } = layerFromConfig(each).config;
    const { config: want, ...wantedRest } = each;
    expect(rest).toEqual(wantedRest);
    for (const key of Object.keys(config)) expect(config[key], key).toEqual(want[key]);
    const left = Object.keys(want).filter((key) => !(key in config) && want[key] !== null);
    expect(left.filter((key) => want[key] !== false && key !== "renorm_momentum")).toEqual([]);
  });
});
