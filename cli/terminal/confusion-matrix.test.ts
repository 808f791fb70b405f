import { ValueError } from "gradwise";
import { expect, test } from "vitest";
import { confusionMatrix, drawConfusionMatrix } from "./confusion-matrix.ts";

test("rows are the truth, columns the prediction", () => {
  const { counts } = confusionMatrix([0, 0, 1, 2, 2, 2], Int32Array.of(0, 1, 1, 2, 2, 0), ["a", "b", "c"]);
  expect(counts).toEqual([
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 2],
  ]);
});

test("the table aligns counts to the right, and a class without an example has no recall", () => {
  const truth = [...new Array<number>(120).fill(0), 1, 1, 1];
  const predicted = [...new Array<number>(115).fill(0), 1, 1, 1, 1, 2, 1, 1, 0];
  const table = drawConfusionMatrix(confusionMatrix(truth, predicted, ["cat", "dog", "a rather long name"]), {
    columns: 80,
  });
  expect(table).toBe(
    [
      "             predicted",
      "       truth          cat          dog a rather lo…   recall",
      "         cat          115            4            1   95.8 %",
      "         dog            1            2            .   66.7 %",
      "a rather lo…            .            .            .        -",
    ].join("\n"),
  );
});

test("ten classes of 50 fit 80 columns", () => {
  const truth = Array.from({ length: 500 }, (_, i) => Math.floor(i / 50));
  const predicted = truth.map((t, i) => (i % 50 === 0 ? (t + 1) % 10 : t));
  const classNames = Array.from({ length: 10 }, (_, i) => String(i));
  const table = drawConfusionMatrix(confusionMatrix(truth, predicted, classNames), { columns: 80 });
  expect(table).toBe(
    [
      "      predicted",
      "truth  0  1  2  3  4  5  6  7  8  9   recall",
      "    0 49  1  .  .  .  .  .  .  .  .   98.0 %",
      "    1  . 49  1  .  .  .  .  .  .  .   98.0 %",
      "    2  .  . 49  1  .  .  .  .  .  .   98.0 %",
      "    3  .  .  . 49  1  .  .  .  .  .   98.0 %",
      "    4  .  .  .  . 49  1  .  .  .  .   98.0 %",
      "    5  .  .  .  .  . 49  1  .  .  .   98.0 %",
      "    6  .  .  .  .  .  . 49  1  .  .   98.0 %",
      "    7  .  .  .  .  .  .  . 49  1  .   98.0 %",
      "    8  .  .  .  .  .  .  .  . 49  1   98.0 %",
      "    9  1  .  .  .  .  .  .  .  . 49   98.0 %",
    ].join("\n"),
  );
});

test("what does not fit follows in a further table, and no line is wider than the terminal", () => {
  const matrix = confusionMatrix([0, 1, 2], [0, 1, 1], ["a", "b", "c"]);
  expect(drawConfusionMatrix(matrix, { columns: 18 })).toBe(
    [
      "      predicted",
      "truth a b   recall",
      "    a 1 .  100.0 %",
      "    b . 1  100.0 %",
      "    c . 1    0.0 %",
      "",
      "      predicted",
      "truth c   recall",
      "    a .  100.0 %",
      "    b .  100.0 %",
      "    c .    0.0 %",
    ].join("\n"),
  );
  const names = Array.from({ length: 40 }, (_, i) => `class ${i}`);
  const wide = drawConfusionMatrix(confusionMatrix([39], [0], names), { columns: 80 });
  expect(Math.max(...wide.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test.each([
  [[0, 1], [0], "confusionMatrix: got 2 true and 1 predicted classes, expected as many of each."],
  [
    [0, 2],
    [0, 0],
    "confusionMatrix: truth[1] is 2, expected a class from 0 to 1. " +
      "Give every class a name, and predictions as class numbers.",
  ],
  [
    [0, 1],
    [0.5, 0],
    "confusionMatrix: predicted[0] is 0.5, expected a class from 0 to 1. " +
      "Give every class a name, and predictions as class numbers.",
  ],
])("bad input %j %j", (truth, predicted, message) => {
  expect(() => confusionMatrix(truth, predicted, ["a", "b"])).toThrow(new ValueError(message));
});
