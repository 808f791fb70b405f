import { expect, test } from "vitest";
import { opBits } from "../conformance/op-bits.ts";

test("profile exact gives every op the bits that it gives in Node", async () => {
  const response = await fetch("/files/test/golden/data/exact-ops.json");
  expect(opBits()).toEqual(await response.json());
});
