import { afterEach, describe, expect, it, vi } from "vitest";
import { referenceBackend } from "../backends/reference/reference-backend.ts";
import { hasRelaxedSimd } from "../backends/wasm/kernel-profile.ts";
import { describeEngine } from "./describe.ts";
import { Engine } from "./engine.ts";

afterEach(() => vi.unstubAllEnvs());

// A page has no environment, and another name than Node: this file runs in Node only.
describe("profiles", () => {
  it("are fast unless exact is asked for, in the code or in the environment", () => {
    vi.stubEnv("GRADWISE_PROFILE", undefined);
    expect(new Engine().kernels.profile).toBe("fast");
    vi.stubEnv("GRADWISE_PROFILE", "exact");
    expect(new Engine().kernels.profile).toBe("exact");
    expect(new Engine({ profile: "fast" }).kernels.profile).toBe("fast");
  });
});

describe("describe", () => {
  it("says what was chosen and why, a line each", () => {
    vi.stubEnv("GRADWISE_WIDE", undefined);
    vi.stubEnv("GRADWISE_BLAS", undefined);
    vi.stubEnv("GRADWISE_PROFILE", undefined);
    const lines = describeEngine(new Engine({ profile: "exact", shared: false })).split("\n");
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
    expect(describeEngine(new Engine())).toContain(kernels);
    expect(describeEngine(new Engine({ backend: referenceBackend }))).toContain("one value after the other");
  });
});
