import { expect, it } from "vitest";
import { ValueError } from "./errors.ts";
import { drawSeed, nextDefaultKey, seedDefault } from "./random-source.ts";

it("gives out the same keys after the same seed, each once", () => {
  seedDefault(7);
  const first = [nextDefaultKey(), nextDefaultKey(), drawSeed()];
  expect(first[0]).not.toEqual(first[1]);
  seedDefault(7);
  expect([nextDefaultKey(), nextDefaultKey(), drawSeed()]).toEqual(first);
});

it("refuses a seed that is not a whole number", () => {
  for (const seed of [0.5, Number.NaN, 2 ** 60]) expect(() => seedDefault(seed)).toThrow(ValueError);
});
