import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginOf, countParts, type Division } from "./division.ts";

const division = (cost: number, units: number, step: number): Division => ({
  cost,
  units,
  step,
  scratch: [],
  cuts: { inputs: [], outputs: [] },
  part: (args) => [...args],
});

describe("countParts", () => {
  it("is one a thread for little work, and a few a thread for more, in equal shares", () => {
    expect(countParts(division(1000, 1e6, 1), 2)).toBe(2);
    expect(countParts(division(59_999, 1e6, 1), 2)).toBe(4);
    expect(countParts(division(1e9, 1e6, 1), 2)).toBe(8);
    expect(countParts(division(1e9, 1e6, 1), 64)).toBe(192);
    expect(countParts(division(1000, 1e6, 1), 3)).toBe(3);
  });

  it("is one where there are no units for two", () => {
    expect(countParts(division(1e9, 1, 1), 8)).toBe(1);
    expect(countParts(division(1e9, 127, 64), 8)).toBe(1);
  });
});

it("parts follow one another, none is empty, and they begin at whole steps", () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.constantFrom(1, 16, 64), fc.integer({ min: 2, max: 64 }), (units, step, threads) => {
      const d = division(1e9, units, step);
      const parts = countParts(d, threads);
      const begins = Array.from({ length: parts + 1 }, (_, p) => beginOf(d, p, parts));
      expect(begins[0]).toBe(0);
      expect(begins[parts]).toBe(units);
      if (units > 0) for (let p = 0; p < parts; p++) expect(begins[p]).toBeLessThan(begins[p + 1] as number);
      for (const begin of begins.slice(0, parts)) expect(begin % step).toBe(0);
    }),
  );
});
