import { afterEach, describe, expect, it, vi } from "vitest";
import { referenceBackend } from "../backends/reference/reference-backend.ts";
import { hasRelaxedSimd } from "../backends/wasm/kernel-profile.ts";
import { ops } from "../ops/index.ts";
import { tensor } from "../ops/tensor.ts";
import { compile } from "./compile.ts";
import "./eager.ts";
import { Engine, withEngine } from "./engine.ts";

afterEach(() => vi.unstubAllEnvs());

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

  it("are fast unless exact is asked for, in the code or in the environment", () => {
    vi.stubEnv("GRADWISE_PROFILE", undefined);
    expect(withEngine(new Engine(), product)).toBe(fused);
    vi.stubEnv("GRADWISE_PROFILE", "exact");
    expect(new Engine().kernels.profile).toBe("exact");
    expect(new Engine({ profile: "fast" }).kernels.profile).toBe("fast");
  });

  it("of other names are refused", () => {
    expect(() => new Engine({ profile: "precise" as "exact" })).toThrow(
      'unknown profile "precise". Use "exact" or "fast".',
    );
  });
});

describe("describe", () => {
  it("says what was chosen and why, a line each", () => {
    vi.stubEnv("GRADWISE_WIDE", undefined);
    vi.stubEnv("GRADWISE_BLAS", undefined);
    vi.stubEnv("GRADWISE_PROFILE", undefined);
    const lines = new Engine({ profile: "exact", shared: false }).describe().split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^backend +wasm, on Node \d+\./),
      expect.stringMatching(/^heap +1\.0 MiB in unshared memory/),
      "profile  exact",
      "kernels  multiply, then add, as profile exact promises; tiles of 4 x 8 float32",
      expect.stringMatching(/^wide +no: engine\.configure\(\{ wide: true \}\) or GRADWISE_WIDE=1 asks for it/),
      expect.stringMatching(/^blas +no: engine\.configure\(\{ blas: true \}\) or GRADWISE_BLAS=1 asks for it/),
      "threads  1: threads need shared memory",
    ]);
    const kernels = hasRelaxedSimd() ? "fused multiply-add, by relaxed SIMD" : "there is no relaxed SIMD here";
    expect(new Engine().describe()).toContain(kernels);
    expect(new Engine({ backend: referenceBackend }).describe()).toContain("one value after the other");
  });
});
