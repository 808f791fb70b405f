import { describe, expect, it } from "vitest";
import { readGolden } from "../../test/support/golden.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import { Adam } from "./adam.ts";
import { getOptimizer } from "./get-optimizer.ts";

describe("getOptimizer", () => {
  it("takes names and optimizers", () => {
    expect(getOptimizer("adam")).toBeInstanceOf(Adam);
    expect(getOptimizer("RMSprop").learningRate).toBe(0.001);
    const own = new Adam({ learningRate: 3 });
    expect(getOptimizer(own)).toBe(own);
  });

  it("lists the names for one it does not know", () => {
    expect(() => getOptimizer("adagrad")).toThrow(
      'unknown optimizer "adagrad". Use "adam", "adamW", "rmsprop" or "sgd".',
    );
    expect(() => getOptimizer(undefined as never)).toThrow(
      'expected an optimizer or its name, got undefined. Try "adam".',
    );
  });

  it("reads what Keras writes, and writes as much of it as there is", () => {
    const objects = readGolden<ConfigObject>("keras-configs").cases.filter(
      (each) => each.module === "keras.optimizers",
    );
    expect(objects.length).toBe(4);
    for (const each of objects) {
      const { config, ...rest } = getOptimizer(each).config;
      const { config: want, ...wantedRest } = each;
      expect(rest).toEqual(wantedRest);
      // Keras adds options that are not here yet; none of them is switched on.
      for (const key of Object.keys(config)) expect(config[key], key).toEqual(want[key]);
    }
  });

  it("refuses what it would not do", () => {
    const { config } = getOptimizer("adam");
    const object = { ...config, config: { ...config.config, loss_scale_factor: 2 } };
    expect(() => getOptimizer(object)).toThrow('optimizer Adam: the option "loss_scale_factor" (2) is not supported.');
    expect(() => getOptimizer({ ...config, config: { use_ema: true } })).toThrow('"use_ema" (true)');
  });
});
