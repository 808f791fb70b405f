import { expect, it } from "vitest";
import { opBits } from "./op-bits.ts";

// Vitest's flag -u writes the file anew; test/browser/exact-ops.test.ts compares it with what pages compute.
it("profile exact gives every op the same bits everywhere", async () => {
  const bits = opBits();
  expect(Object.keys(bits).length).toBeGreaterThan(60);
  await expect(`${JSON.stringify(bits, null, 2)}\n`).toMatchFileSnapshot("../golden/data/exact-ops.json");
});
