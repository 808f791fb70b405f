import { expect, test } from "vitest";
import { lastLine, meanOf } from "./accuracies.ts";

test("the mean of each part", () => {
  const one = { train: 1, validation: 0.9, test: 0.5 };
  const other = { train: 0.5, validation: 0.7, test: 0.75 };
  expect(meanOf([one, other])).toEqual({ train: 0.75, validation: 0.8, test: 0.625 });
});

test("the last line has three decimals", () => {
  expect(lastLine({ train: 1, validation: 1, test: 0.9256 })).toBe("test accuracy 0.926");
  expect(lastLine({ train: 1, validation: 1, test: 0.93 })).toBe("test accuracy 0.930");
});
