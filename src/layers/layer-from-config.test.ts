import { describe, expect, it } from "vitest";
import { REFERENCE } from "../../test/support/engines.ts";
import { readGolden } from "../../test/support/golden.ts";
import type { ConfigObject } from "../formats/config-tree.ts";
import type { JsonObject } from "../formats/json.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/add.ts";
import { dense } from "./dense.ts";
import { Layer, type LayerOptions } from "./layer.ts";
import { layerFromConfig, registerLayer } from "./layer-from-config.ts";

const objects = readGolden<ConfigObject>("keras-configs").cases.filter((each) => each.module === "keras.layers");
const denseWith = (options: JsonObject): ConfigObject => {
  const { config } = dense({ units: 2 });
  return { ...config, config: { ...config.config, ...options } };
};

describe("layerFromConfig", () => {
  it.each(objects)("reads what Keras writes, and writes as much of it as there is: $config.name", (each) => {
    const { config, ...rest } = layerFromConfig(each).config;
    const { config: want, ...wantedRest } = each;
    expect(rest).toEqual(wantedRest);
    for (const key of Object.keys(config)) expect(config[key], key).toEqual(want[key]);
    // What Keras writes besides is nothing: no regularizers, no constraints.
    for (const key of Object.keys(want)) if (!(key in config)) expect(want[key], key).toBeNull();
  });

  it("knows its classes", () => {
    expect(objects.length).toBe(7);
    expect(() => layerFromConfig({ class_name: "Lambda", config: {} })).toThrow(
      'unknown layer class "Lambda". Use "Activation", "AveragePooling1D", "AveragePooling2D",',
    );
    expect(() => layerFromConfig({ class_name: "__proto__", config: {} })).toThrow('unknown layer class "__proto__"');
    expect(() => layerFromConfig({ class_name: "constructor", config: {} })).toThrow("unknown layer class");
  });

  it("refuses what it would not do, and options that are none", () => {
    expect(() => layerFromConfig(denseWith({ kernel_regularizer: { class_name: "L2", config: {} } }))).toThrow(
      'layer Dense: the option "kernel_regularizer" ({"class_name":"L2","config":{}}) is not supported.',
    );
    expect(() => layerFromConfig(denseWith({ units: 1e12 }))).not.toThrow();
    expect(() => layerFromConfig(denseWith({ units: -1 }))).toThrow(
      "expected units to be a whole number of at least 1, got -1",
    );
    expect(() => layerFromConfig(denseWith({ units: "3" }))).toThrow("got 3");
    expect(() => layerFromConfig(denseWith({ activation: "__proto__" }))).toThrow('unknown activation "__proto__"');
    expect(() => layerFromConfig(denseWith({ dtype: "bfloat16" }))).toThrow(
      'layer Dense: the dtype "bfloat16" is not supported.',
    );
    expect(() => layerFromConfig(denseWith({ dtype: { config: { name: "mixed_float16" } } }))).toThrow(
      "is not supported",
    );
  });

  it("reads a dtype's name alone", () => {
    expect(layerFromConfig(denseWith({ dtype: "float64" })).dtype).toBe("float64");
  });

  it("makes layers of the user's own that are registered", () => {
    class Shift extends Layer {
      readonly by: number;
      constructor(options: LayerOptions & { readonly by: number }) {
        super(options);
        this.by = options.by;
      }
      override call(x: Tensor): Tensor {
        return add(x, this.by);
      }
      override getConfig(): JsonObject {
        return { ...super.getConfig(), shift_by: this.by };
      }
    }
    const { config } = new Shift({ by: 3, name: "s" });
    expect(() => layerFromConfig(config)).toThrow('unknown layer class "Shift"');
    registerLayer("Shift", (options: LayerOptions & { by: number }) => new Shift(options), { shift_by: "by" });
    const again = layerFromConfig(config) as Shift;
    expect([again.by, again.name]).toEqual([3, "s"]);
    REFERENCE.use(() => {
      expect(again.computeOutputShape([null, 2])).toEqual([null, 2]);
    });
  });
});
