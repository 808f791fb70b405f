import { describe, expect, test } from "vitest";
import { matmulPacks } from "./matmul.ts";

describe("an operand is laid out anew", () => {
  const packs = (m: number, n: number, k: number, order: string, fenced = true) =>
    matmulPacks(
      { m, n, k, batch: 1, dtype: "float32", bias: false, transposeA: order[0] === "t", transposeB: order[1] === "t" },
      { fenced },
    );

  test("A's rows, where steps are fenced and many columns use them", () => {
    expect(packs(64, 512, 512, "nn").a).toBe(true);
    expect(packs(64, 512, 512, "nt").a).toBe(true);
    expect(packs(64, 100, 512, "nn").a).toBe(false);
    expect(packs(64, 512, 512, "nn", false).a).toBe(false);
  });

  test("a transposed A whose ks share few sets of the cache", () => {
    expect(packs(64, 256, 3200, "tn").a).toBe(true);
    expect(packs(64, 64, 3200, "tn").a).toBe(false);
    expect(packs(1024, 64, 256, "tn").a).toBe(true);
    expect(packs(784, 128, 32, "tn").a).toBe(false);
  });
});
