import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { Op } from "../../graph/op.ts";
import { STRUCTURAL } from "./structural.ts";

const folder = new URL("../../ops/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
const modules: object[] = await Promise.all(files.map((file) => import(new URL(file, folder).href)));

function isOp(value: unknown): value is Op {
  return typeof value === "object" && value !== null && "kind" in value && "infer" in value;
}

const ops = modules.flatMap((module) => Object.values(module).filter(isOp));

test("every structural op has a row, and every row an op", () => {
  expect(ops.length).toBeGreaterThan(20);
  const structural = ops.filter((op) => op.kind === "structural").map((op) => op.name);
  expect(Object.keys(STRUCTURAL).sort()).toEqual([...new Set(structural)].sort());
});

test("every other op has a scalar meaning, or shares its input's memory", () => {
  const without = ops.filter((op) => op.kind !== "structural" && op.kind !== "source" && op.scalar === undefined);
  expect(without.filter((op) => op.alias !== true).map((op) => op.name)).toEqual([]);
});
