import { expect, test } from "vitest";
import { type DigitSet, loadDigitSets } from "./digit-sets.ts";

const { train, validation, test: held } = await loadDigitSets();

test.each<[string, DigitSet, number]>([
  ["train", train, 4000],
  ["validation", validation, 500],
  ["test", held, 500],
])("%s: levels 0 to 1, labels, and as many of each class", (_, { x, y, labels, pixels }, count) => {
  expect([x.shape, x.dtype, y.shape, y.dtype]).toEqual([[count, 400], "float32", [count], "int32"]);
  expect(y.dataSync()).toEqual(labels);
  const perClass = new Array<number>(10).fill(0);
  for (const label of labels) perClass[label]++;
  expect(perClass).toEqual(new Array(10).fill(count / 10));
  const levels = x.dataSync();
  expect([Math.min(...levels.slice(0, 4000)), Math.max(...levels.slice(0, 4000))]).toEqual([0, 1]);
  const last = Array.from(pixels(count - 1), (level) => Math.fround(level / 255));
  expect(Array.from(levels.slice(-400))).toEqual(last);
});

test("the parts share no digit", () => {
  const keys = [train, validation, held].flatMap(({ labels, pixels }) =>
    Array.from(labels, (_, i) => Buffer.from(pixels(i)).toString("base64")),
  );
  expect(new Set(keys).size).toBe(5000);
});
