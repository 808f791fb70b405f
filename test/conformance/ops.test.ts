import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HAND_MADE } from "../../src/backends/wasm/hand-made.ts";
import type { Op } from "../../src/graph/op.ts";
import * as table from "../../src/ops/table.ts";
import { CONVOLUTIONS } from "./op-cases/convolutions.ts";
import { CREATION } from "./op-cases/creation.ts";
import { ELEMENTWISE } from "./op-cases/elementwise.ts";
import { LOOPS } from "./op-cases/loops.ts";
import { PRODUCTS } from "./op-cases/products.ts";
import { RECORDS } from "./op-cases/records.ts";
import { REDUCTIONS } from "./op-cases/reductions.ts";
import { VIEWS } from "./op-cases/views.ts";
import { WINDOWS } from "./op-cases/windows.ts";
import { opsRun, testOp } from "./test-op.ts";

const PUBLIC = {
  ...ELEMENTWISE,
  ...VIEWS,
  ...REDUCTIONS,
  ...PRODUCTS,
  ...CONVOLUTIONS,
  ...WINDOWS,
  ...LOOPS,
  ...CREATION,
};
const TESTS = { ...PUBLIC, ...RECORDS };

/** table: records whose outputs do not depend smoothly on their inputs, and why. */
const NOT_DIFFERENTIABLE: Readonly<Record<string, string>> = {
  argMax: "a position",
  windowArgMax: "a position",
  windowPlace: "a position",
  equal: "a bool",
  notEqual: "a bool",
  less: "a bool",
  lessEqual: "a bool",
  greater: "a bool",
  greaterEqual: "a bool",
  logicalAnd: "a bool",
  logicalOr: "a bool",
  logicalNot: "a bool",
  isNaN: "a bool",
  ceil: "steps",
  floor: "steps",
  round: "steps",
  sign: "steps",
  oneHot: "of ints",
  integerPower: "of ints",
  randomBits: "of a key",
  randomUniform: "of a key",
  foldKey: "of a key",
  stopGradient: "nothing flows by definition",
};

/** The records that files of src/ops export. */
async function records(): Promise<Op[]> {
  const folder = new URL("../../src/ops/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const modules = await Promise.all(files.map((name) => import(new URL(name, folder).href) as Promise<object>));
  const isOp = (value: unknown): value is Op =>
    typeof value === "object" && value !== null && "infer" in value && "kind" in value;
  return [...new Set(modules.flatMap((module) => Object.values(module) as unknown[]).filter(isOp))];
}

for (const [name, test] of Object.entries(TESTS)) testOp(name, test);

describe("nothing is forgotten", () => {
  it("every public op has a test, and every test an op", () => {
    const functions = Object.entries(table).filter(([, value]) => typeof value === "function");
    expect(Object.keys(PUBLIC).sort()).toEqual(functions.map(([name]) => name).sort());
  });

  it("every op without a checked gradient says why", () => {
    for (const [name, { gradient }] of Object.entries(TESTS))
      expect(gradient === true || gradient.length > 0, name).toBe(true);
  });

  it("every record has a gradient, or a reason to have none", async () => {
    for (const { name, grad } of await records()) {
      expect(grad !== undefined, `op "${name}" has a gradient`).toBe(NOT_DIFFERENTIABLE[name] === undefined);
    }
  });

  it("every record was run on every backend", async () => {
    const ran = new Set([...opsRun].map((op) => op.name));
    const forgotten = (await records()).map(({ name }) => name).filter((name) => !ran.has(name));
    expect(forgotten).toEqual([]);
  });

  it("names are unique: caches and hand-made kernels go by them", async () => {
    const names = (await records()).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(40);
    expect([...new Set(names)].sort()).toEqual([...names].sort());
    for (const name of [...Object.keys(HAND_MADE), ...Object.keys(NOT_DIFFERENTIABLE)]) expect(names).toContain(name);
  });
});
