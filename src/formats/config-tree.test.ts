import { expect, it } from "vitest";
import { FormatError } from "../core/errors.ts";
import { type ConfigObject, decodeModel, encodeModel, type SavedModel } from "./config-tree.ts";
import { joinBytes } from "./join-bytes.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

const saved: SavedModel = {
  config: {
    module: "keras",
    class_name: "Sequential",
    config: { name: "größe", layers: [{ class_name: "Dense", config: { units: 2, rate: 0.1, activation: null } }] },
    build_config: { input_shape: [null, 3] },
    compile_config: { optimizer: "adam", loss: null },
  },
  arrays: [
    {
      name: "layers/dense/vars/0",
      dtype: "float32",
      shape: [3, 2],
      data: new Float32Array([1, -0, Number.NaN, 4, 5, 6]),
    },
    { name: "optimizer/vars/0", dtype: "int32", shape: [], data: new Int32Array([12]) },
  ],
};

const withMetadata = (metadata: Record<string, string>) => joinBytes(writeSafetensors({ tensors: [], metadata }));
const withConfig = (config: string) => withMetadata({ gradwise_version: "1", gradwise_config: config });

it("round-trips configuration and arrays, in order", () => {
  expect(decodeModel(joinBytes(encodeModel(saved)), "a.safetensors")).toEqual(saved);
});

it("stays readable as plain safetensors, whose metadata holds the configuration as JSON", () => {
  const { metadata } = readSafetensors(joinBytes(encodeModel(saved)), "a.safetensors");
  expect(Object.keys(metadata).sort()).toEqual(["gradwise_config", "gradwise_version"]);
  expect(JSON.parse(metadata["gradwise_config"] ?? "")).toEqual(saved.config);
});

it.each([
  [
    "a file of arrays alone",
    withMetadata({}),
    /"a\.safetensors": a safetensors file of 0 arrays without a gradwise model/,
  ],
  ["a newer version", withMetadata({ gradwise_version: "2", gradwise_config: "{}" }), /version "2".*Update gradwise/],
  ["no JSON", withConfig("{"), /"a\.safetensors": the model's configuration is not JSON/],
  ["no object", withConfig("[]"), /no class_name/],
  ["no class", withConfig('{"config":{}}'), /no class_name/],
  ["no config", withConfig('{"class_name":"Sequential"}'), /no class_name and config/],
  ["depth", withConfig(`{"class_name":"a","config":${'{"a":'.repeat(1e5)}1${"}".repeat(1e5)}}`), /nested deeper/],
  ["__proto__", withConfig('{"class_name":"a","config":{"__proto__":{}}}'), /"__proto__"/],
  ["a key twice", withConfig('{"class_name":"a","class_name":"b","config":{}}'), /two entries "class_name"/],
])("refuses %s", (_, bytes, reason) => {
  expect(() => decodeModel(bytes, "a.safetensors")).toThrow(FormatError);
  expect(() => decodeModel(bytes, "a.safetensors")).toThrow(reason);
});

it("refuses to write what JSON would silently change", () => {
  const encode = (config: object) => encodeModel({ config: { class_name: "A", config } as ConfigObject, arrays: [] });
  expect(() => encode({ rate: Number.NaN })).toThrow(/"rate" is NaN/);
  expect(() => encode({ deep: [{ max: Number.POSITIVE_INFINITY }] })).toThrow(/"max" is Infinity/);
  expect(() => encode({ activation: () => 0 })).toThrow(/"activation" is a function/);
  expect(() => encode(JSON.parse('{"__proto__":1}'))).toThrow(FormatError);
});
