import { expect, test } from "vitest";
import { percent } from "./percent.ts";

test("rounds to the decimals asked for", () => {
  expect(percent(0.984)).toBe("98 %");
  expect(percent(0.9847, 1)).toBe("98.5 %");
  expect(percent(1)).toBe("100 %");
  expect(percent(0)).toBe("0 %");
});

test("a share of nothing is a dash", () => {
  expect(percent(0 / 0)).toBe("-");
});
