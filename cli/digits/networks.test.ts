import { expect, test } from "vitest";
import { loadDigitSets } from "./digit-sets.ts";
import { NETWORKS } from "./networks.ts";

const { test: held } = await loadDigitSets();

test.each([
  ["dense", 400 * 25 + 25 + (25 * 15 + 15) + (15 * 10 + 10)],
  // 20 x 20 pixels become 18, 9, 7 and 3 along each axis, of 32 channels at last.
  ["conv", 9 * 16 + 16 + (9 * 16 * 32 + 32) + (3 * 3 * 32 * 64 + 64) + (64 * 10 + 10)],
] as const)("%s: as many weights as its layers say, the same from the same seed", async (name, params) => {
  const [net, same, other] = [0, 0, 1].map((seed) => NETWORKS[name].make(seed));
  expect(net.countParams()).toBe(params);
  const x = held.x.slice([0, 8]);
  const [logits, again, others] = await Promise.all(
    [net, same, other].map(async (one) => (await one.predict(x)).dataSync()),
  );
  expect(logits).toHaveLength(80);
  expect(again).toEqual(logits);
  expect(others).not.toEqual(logits);
});
