import { describe, expect, it } from "vitest";
import { EXACT_BITS, trainedBits } from "../support/exact-bits.ts";

describe("profile exact trains to the same bits everywhere", () => {
  it.each(["rows", "pictures"] as const)("a network of %s", async (network) => {
    expect(await trainedBits(network)).toBe(EXACT_BITS[network]);
  });
});
