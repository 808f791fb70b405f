import { describe, expect, it } from "vitest";
import { lookUpWord, snakeCase } from "./words.ts";

describe("snakeCase", () => {
  it("names classes as Keras 3.15 does", () => {
    const names = ["Dense", "LeakyReLU", "RMSprop", "InputLayer", "Conv2D", "GlorotUniform", "SGD", "MyLayer"];
    expect(names.map(snakeCase)).toEqual([
      "dense",
      "leaky_re_lu",
      "rm_sprop",
      "input_layer",
      "conv2d",
      "glorot_uniform",
      "sgd",
      "my_layer",
    ]);
  });
});

describe("lookUpWord", () => {
  const table = { leakyRelu: 1, glorotUniform: 2 };

  it("takes every spelling of a name", () => {
    expect(lookUpWord("activation", "leakyRelu", table)).toBe(1);
    expect(lookUpWord("activation", "leaky_relu", table)).toBe(1);
    expect(lookUpWord("initializer", "GlorotUniform", table)).toBe(2);
  });

  it("lists the names when none fits", () => {
    expect(() => lookUpWord("activation", "gelu", table)).toThrow(
      'unknown activation "gelu". Use "leakyRelu" or "glorotUniform".',
    );
    expect(() => lookUpWord("activation", "__proto__", table)).toThrow("unknown activation");
  });
});
