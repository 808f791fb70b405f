import { describe, expect, test } from "vitest";
import { matmulPacks } from "./matmul.ts";

describe("an operand is laid out anew", () => {
  const packs = (m: number, n: number, k: number, order: string, fenced = true, unrollPanels = 16) =>
    matmulPacks(
      { m, n, k, batch: 1, dtype: "float32", bias: false, transposeA: order[0] === "t", transposeB: order[1] === "t" },
      { fenced, unrollPanels },
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

  test("B from 32 rows on, where panels have rounds of their own and A is read in k order", () => {
    expect(packs(32, 128, 784, "nn").b).toBe(true);
    expect(packs(784, 64, 32, "tn").b).toBe(true);
    expect(packs(31, 128, 784, "nn").b).toBe(false);
    expect(packs(32, 100, 784, "nn").b).toBe(false);
    expect(packs(32, 128, 784, "nn", true, 0).b).toBe(false);
  });

  test("B, where its ks share few sets of the cache or it is transposed", () => {
    expect(packs(64, 512, 512, "nn", false, 0).b).toBe(true);
    expect(packs(64, 64, 64, "nn", false, 0).b).toBe(false);
    expect(packs(2, 8, 8, "nt", false, 0).b).toBe(true);
    expect(packs(1, 8, 8, "nt", false, 0).b).toBe(false);
  });
});
