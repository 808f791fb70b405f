import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ValueError } from "../core/errors.ts";
import { splitIndices } from "./stratified-split.ts";

const tenClasses = Int32Array.from({ length: 5000 }, (_, i) => Math.floor(i / 500));

/** How often each label occurs among `indices`. */
function countsOf(labels: ArrayLike<number>, indices: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const i of indices) counts.set(labels[i], (counts.get(labels[i]) ?? 0) + 1);
  return counts;
}

test("the digits' split: 400, 50 and 50 of each class, nothing twice, nothing lost", () => {
  const parts = splitIndices(tenClasses, { sizes: [4000, 500, 500], seed: 1 });
  expect(parts.map((part) => part.length)).toEqual([4000, 500, 500]);
  parts.forEach((part, p) => {
    const counts = countsOf(tenClasses, part);
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(counts.values())).toEqual(new Set([[400, 50, 50][p]]));
  });
  const all = parts.flatMap((part) => [...part]).toSorted((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: 5000 }, (_, i) => i));
});

test("the same seed gives the same parts, fixed for ever; another seed others", () => {
  const split = (seed: number): Int32Array[] => splitIndices([0, 0, 0, 0, 1, 1, 1, 1], { sizes: [4, 2], seed });
  expect(split(7).map((part) => [...part])).toEqual([
    [3, 7, 4, 0],
    [2, 5],
  ]);
  expect(split(7)).toEqual(split(7));
  expect(split(8)).not.toEqual(split(7));
});

test("within a part the classes are mixed, and which example comes where is uniform", () => {
  const first = new Array<number>(6).fill(0);
  for (let seed = 0; seed < 6000; seed++) first[splitIndices([0, 0, 0, 1, 1, 1], { sizes: [2], seed })[0][0]]++;
  // Chi-squared with 5 degrees of freedom: above 20.5 once in a thousand.
  const chiSquared = first.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquared).toBeLessThan(20.5);
});

test("property: disjoint, of the sizes asked for, each class within 1 of its share in the first part", () => {
  const labelsAndSizes = fc
    .tuple(fc.array(fc.integer({ min: 10, max: 60 }), { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(), fc.nat())
    .map(([counts, a, b, seed]) => {
      const labels = counts.flatMap((count, c) => new Array<number>(count).fill(c * 3 - 2));
      const first = 5 * counts.length + (a % (labels.length - 9 * counts.length));
      return { labels, sizes: [first, 1 + (b % (labels.length - first))], seed: seed >>> 0 };
    });
  fc.assert(
    fc.property(labelsAndSizes, ({ labels, sizes, seed }) => {
      let parts: Int32Array[];
      try {
        parts = splitIndices(labels, { sizes, seed });
      } catch (error) {
        // Small parts that cannot hold every class are the one reason to refuse these.
        expect(String(error)).toMatch(/too few for one in every part/);
        expect(Math.min(...sizes)).toBeLessThan(15 * new Set(labels).size);
        return;
      }
      expect(parts.map((part) => part.length)).toEqual(sizes);
      const all = parts.flatMap((part) => [...part]);
      expect(new Set(all).size).toBe(all.length);
      for (const [label, count] of countsOf(labels, parts[0])) {
        const share = (labels.filter((other) => other === label).length * sizes[0]) / labels.length;
        expect(Math.abs(count - share)).toBeLessThan(1);
      }
    }),
    { numRuns: 200 },
  );
});

test("parts need not use every example", () => {
  const [part] = splitIndices(tenClasses, { sizes: [10], seed: 3 });
  expect(countsOf(tenClasses, part).size).toBe(10);
});

test.each([
  [[0, 1], { sizes: [], seed: 0 }, "splitIndices: sizes is empty, expected the size of each part, such as [800, 200]."],
  [
    [0, 1],
    { sizes: [0.8, 0.2], seed: 0 },
    "splitIndices: sizes[0] is 0.8, expected a positive integer. Give numbers of examples, not shares.",
  ],
  [
    [0, 1],
    { sizes: [2, 0], seed: 0 },
    "splitIndices: sizes[1] is 0, expected a positive integer. Give numbers of examples, not shares.",
  ],
  [
    [0, 1, 1],
    { sizes: [2, 2], seed: 0 },
    "splitIndices: sizes [2, 2] need 4 examples, got 3 labels. Make the parts smaller.",
  ],
  [
    [0, 0, 0, 0, 0, 0, 0, 5],
    { sizes: [4, 4], seed: 0 },
    "splitIndices: class 5 has 1 example, too few for one in every part: part 0 of size 4 would get none. " +
      "Make that part larger, or leave the class out.",
  ],
  [
    [0, 1, 2, 0, 1, 2],
    { sizes: [4, 2], seed: 0 },
    "splitIndices: class 0 has 2 examples, too few for one in every part: part 1 of size 2 would get none. " +
      "Make that part larger, or leave the class out.",
  ],
  [
    [0, Number.NaN],
    { sizes: [1], seed: 0 },
    "splitIndices: labels[1] is NaN, expected an integer class. Pass class numbers, not values.",
  ],
  [[0, 1], { sizes: [2], seed: -1 }, "splitIndices: seed is -1, expected an integer from 0 to 4294967295."],
  [[0, 1], { sizes: [2], seed: 1.5 }, "splitIndices: seed is 1.5, expected an integer from 0 to 4294967295."],
])("bad input %j %j", (labels, options, message) => {
  expect(() => splitIndices(labels, options)).toThrow(new ValueError(message));
});
