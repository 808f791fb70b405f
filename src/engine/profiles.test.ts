import { describe, expect, it } from "vitest";
import { hasRelaxedSimd } from "../backends/wasm/kernel-profile.ts";
import { ops } from "../ops/index.ts";
import { tensor } from "../ops/tensor.ts";
import { compile } from "./compile.ts";
import "./eager.ts";
import { Engine, withEngine } from "./engine.ts";

describe("profiles", () => {
  // (1 + 2^-12)^2 - 1 - 2^-11 is 2^-24, but 0 where the square is rounded before the sum.
  const product = () => {
    const x = tensor([[-1 - 2 ** -11, 1 + 2 ** -12], [0, 0]]); // biome-ignore format: a matrix
    const y = tensor([[1, 0], [1 + 2 ** -12, 0]]); // biome-ignore format: a matrix
    return ops.matmul(x, y).dataSync()[0];
  };
  const program = compile(() => {
    const x = tensor([[-1 - 2 ** -11, 1 + 2 ** -12], [0, 0]]); // biome-ignore format: a matrix
    return ops.matmul(x, tensor([[1, 0], [1 + 2 ** -12, 0]])); // biome-ignore format: a matrix
  });
  const fused = hasRelaxedSimd() ? 2 ** -24 : 0;

  it("round as they promise, side by side, op by op and in programs", () => {
    const engines = [new Engine({ profile: "exact" }), new Engine({ profile: "fast" })];
    for (let round = 0; round < 2; round++) {
      expect(engines.map((engine) => withEngine(engine, product))).toEqual([0, fused]);
      expect(engines.map((engine) => withEngine(engine, () => program().dataSync()[0]))).toEqual([0, fused]);
    }
  });

  it("of other names are refused", () => {
    expect(() => new Engine({ profile: "precise" as "exact" })).toThrow(
      'unknown profile "precise". Use "exact" or "fast".',
    );
  });
});
