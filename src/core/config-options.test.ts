import { describe, expect, it } from "vitest";
import { optionsFrom } from "./config-options.ts";

describe("optionsFrom", () => {
  const keys = { use_bias: "useBias", units: "units" };

  it("renames, and leaves out what is null", () => {
    expect(optionsFrom("Dense", { use_bias: false, units: null, name: "x" }, keys, ["name"])).toEqual({
      useBias: false,
    });
  });

  it("refuses options that would be dropped", () => {
    expect(optionsFrom("Dense", { kernel_regularizer: null, lora: false }, keys)).toEqual({});
    expect(() => optionsFrom("Dense", { kernel_regularizer: "l2" }, keys)).toThrow(
      'Dense: the option "kernel_regularizer" ("l2") is not supported. It has: use_bias, units.',
    );
  });
});
