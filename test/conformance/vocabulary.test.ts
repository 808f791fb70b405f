import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { snakeCase } from "../../src/core/words.ts";
import * as layers from "../../src/layers/table.ts";
import * as losses from "../../src/losses/table.ts";
import * as metrics from "../../src/metrics/table.ts";
import * as optimizers from "../../src/optimizers/table.ts";
import { readGolden } from "../support/golden.ts";

/** Each folder's words, and the harness that its tests must run them through. */
const FOLDERS = [
  { folder: "layers", words: layers, harness: "testLayer" },
  { folder: "losses", words: losses, harness: "testLoss" },
  { folder: "metrics", words: metrics, harness: "testMetric" },
  { folder: "optimizers", words: optimizers, harness: "testOptimizer" },
] as const;

describe.each(FOLDERS)("$folder: nothing is forgotten", ({ folder, words, harness }) => {
  it.each(Object.keys(words))(`%s is run through ${harness}`, (word) => {
    const file = snakeCase(word).replaceAll("_", "-");
    const test = new URL(`../../src/${folder}/${file}.test.ts`, import.meta.url);
    expect(existsSync(test), `${folder}/${file}.test.ts`).toBe(true);
    expect(readFileSync(test, "utf8").replace(/\s+/g, "")).toContain(`${harness}({name:"${word}"`);
  });
});

it("goldens have no words that are not there", () => {
  const named = (name: string, key: string): string[] =>
    readGolden<Readonly<Record<string, string>>>(name).cases.flatMap((each) => each[key] ?? []);
  expect([...new Set(named("keras-losses", "loss"))].sort()).toEqual(Object.keys(losses).sort());
  expect([...new Set(named("keras-metrics", "metric"))].sort()).toEqual(Object.keys(metrics).sort());
  expect([...new Set(named("keras-optimizers", "optimizer"))].sort()).toEqual(Object.keys(optimizers).sort());
});
