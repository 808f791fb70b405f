import { beforeAll, describe, expect, it } from "vitest";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import { fill } from "./constant.ts";

beforeAll(() => {
  installReferenceEngine();
});

describe("fill", () => {
  it("gives one value everywhere", () => {
    expect(fill([2, 2], 7, "int32").arraySync()).toEqual([
      [7, 7],
      [7, 7],
    ]);
    expect(fill([], -0, "float64").dataSync()[0]).toBe(-0);
  });

  it("rounds to the dtype", () => {
    expect(fill([1], 0.1, "float32").dataSync()[0]).toBe(Math.fround(0.1));
    expect(fill([1], 1, "bool").arraySync()).toEqual([true]);
  });

  it("gives nothing for an empty shape", () => {
    expect(fill([0, 3], 1, "float32").arraySync()).toEqual([]);
  });
});
