import { describe, expect, it } from "vitest";
import { activationName, getActivation } from "./get-activation.ts";
import { leakyRelu } from "./leaky-relu.ts";
import { linear } from "./linear.ts";
import { relu } from "./relu.ts";

describe("getActivation", () => {
  it("takes names, Keras's too, functions and nothing", () => {
    expect(getActivation("relu")).toBe(relu);
    expect(getActivation("leaky_relu")).toBe(leakyRelu);
    expect(getActivation(leakyRelu)).toBe(leakyRelu);
    expect([getActivation(undefined), getActivation(null)]).toEqual([linear, linear]);
  });

  it("lists the names for one it does not know", () => {
    expect(() => getActivation("gelu")).toThrow(
      'unknown activation "gelu". Use "leakyRelu", "linear", "relu", "sigmoid", "silu", "softmax" or "tanh".',
    );
    expect(() => getActivation(3 as never)).toThrow('expected an activation or its name, got number. Try "relu".');
  });
});

describe("activationName", () => {
  it("is Keras's", () => {
    expect([activationName(leakyRelu, ""), activationName(linear, "")]).toEqual(["leaky_relu", "linear"]);
  });

  it("says when a file can hold none", () => {
    expect(() => activationName((x) => x, 'dense "a"')).toThrow(
      'dense "a": the activation (a function without a name) is none of gradwise\'s, so no file can hold it. Write it as a Layer.',
    );
  });
});
