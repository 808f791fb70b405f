import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFigure, formatTable, median, summarize, timesAhead } from "./statistics.mjs";

test("median of odd, even and no values, whatever the order", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 2, 4, 8]), 6);
  assert.ok(Number.isNaN(median([])));
});

test("median leaves its argument alone", () => {
  const values = [3, 1, 2];
  median(values);
  assert.deepEqual(values, [3, 1, 2]);
});

test("summarize skips rounds that were not measured", () => {
  assert.deepEqual(summarize([4, undefined, 2, 3]), { median: 3, min: 2, max: 4, rounds: 3 });
});

test("timesAhead is the median quotient of a round, not the quotient of medians", () => {
  assert.equal(timesAhead([100, 10, 30], [50, 5, 10]), 2);
});

test("timesAhead of seconds turns the quotient", () => {
  assert.equal(timesAhead([0.2, 0.2], [0.6, 0.8], { lowerIsBetter: true }), 3.5);
});

test("timesAhead uses only rounds that both have", () => {
  assert.equal(timesAhead([10, undefined, 30], [5, 1, 10, 1]), 2.5);
  assert.ok(Number.isNaN(timesAhead([], [1])));
});

test("figures carry three significant digits", () => {
  assert.equal(formatFigure(28345), "28,300");
  assert.equal(formatFigure(0.61234), "0.612");
  assert.equal(formatFigure(12.345), "12.3");
  assert.equal(formatFigure(999.6), "1,000");
  assert.equal(formatFigure(0), "0");
  assert.equal(formatFigure(Number.NaN), "-");
});

test("a table aligns its columns", () => {
  const text = formatTable(
    ["peer", "median"],
    [
      ["a", "1"],
      ["longer", "1,000"],
    ],
    ["peer"],
  );
  assert.deepEqual(text.split("\n"), ["peer    median", "------  ------", "a            1", "longer   1,000"]);
});
