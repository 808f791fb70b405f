import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HAND_MADE } from "../../src/backends/wasm/hand-made.ts";
import type { Op } from "../../src/graph/op.ts";
import * as methods from "../../src/ops/method-table.ts";
import * as optional from "../../src/ops/optional-table.ts";
import * as table from "../../src/ops/table.ts";
import { ENGINES } from "../support/engines.ts";
import { OP_CASES, PUBLIC } from "./op-cases/index.ts";
import { EVIDENCE } from "./op-evidence.ts";
import { opsPage, type Recorded } from "./ops-page.ts";
import { testOp } from "./test-op.ts";

const BACKENDS = new Set(ENGINES.map(({ backend }) => backend)).size;

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

const FOLDER = new URL("../../src/ops/", import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));

/** The records that files of src/ops export. */
async function recorded(): Promise<Recorded[]> {
  const isOp = (value: unknown): value is Op =>
    typeof value === "object" && value !== null && "infer" in value && "kind" in value;
  const modules = FILES.map(async (file) => {
    const exported = Object.entries((await import(new URL(file, FOLDER).href)) as object) as [string, unknown][];
    return exported.flatMap(([constant, op]) => (isOp(op) ? [{ op, constant, file }] : []));
  });
  const all = (await Promise.all(modules)).flat();
  return all.filter(({ op }, i) => all.findIndex((other) => other.op === op) === i);
}

async function records(): Promise<Op[]> {
  return (await recorded()).map(({ op }) => op);
}

/** The file that a table takes a public function from. */
function fileOf(name: string): string {
  const source = ["method-table.ts", "table.ts", "optional-table.ts"]
    .map((table) => readFileSync(new URL(table, FOLDER), "utf8"))
    .join("\n");
  const file = new RegExp(`\\{[^}]*\\b${name}\\b[^}]*\\} from "./([^"]+)"`).exec(source)?.[1];
  if (file === undefined) throw new Error(`no table exports ${name}`);
  return file;
}

for (const [name, test] of Object.entries(OP_CASES)) testOp(name, test);

describe("nothing is forgotten", () => {
  it("every public op has a test, and every test an op", () => {
    const functions = Object.entries({ ...methods, ...table, ...optional }).filter(
      ([, value]) => typeof value === "function",
    );
    expect(Object.keys(PUBLIC).sort()).toEqual(functions.map(([name]) => name).sort());
  });

  it("every op without a checked gradient says why", () => {
    for (const [name, { gradient }] of Object.entries(OP_CASES))
      expect(gradient === true || gradient.length > 0, name).toBe(true);
  });

  it("every record has a gradient, or a reason to have none", async () => {
    for (const { name, grad } of await records()) {
      expect(grad !== undefined, `op "${name}" has a gradient`).toBe(NOT_DIFFERENTIABLE[name] === undefined);
    }
  });

  it("every record was run on every backend", async () => {
    const forgotten = (await records()).filter((op) => EVIDENCE.get(op)?.ran.size !== BACKENDS);
    expect(forgotten.map(({ name }) => name)).toEqual([]);
  });

  it("every record with a gradient was differentiated twice on every backend", async () => {
    const differentiable = (await records()).filter((op) => op.grad && EVIDENCE.get(op)?.takesInputs !== false);
    const forgotten = differentiable.filter((op) => EVIDENCE.get(op)?.twice.size !== BACKENDS);
    expect(forgotten.map(({ name }) => name)).toEqual([]);
  });

  it("names are unique: caches and hand-made kernels go by them", async () => {
    const names = (await records()).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(40);
    expect([...new Set(names)].sort()).toEqual([...names].sort());
    for (const name of [...Object.keys(HAND_MADE), ...Object.keys(NOT_DIFFERENTIABLE)]) expect(names).toContain(name);
  });

  // `node scripts/ops-page.mjs` writes it anew.
  it("docs/ops.md says what these tests saw", async () => {
    const all = await recorded();
    const names = new Set(all.map(({ op }) => op.name));
    const compositions = Object.entries(PUBLIC).filter(([name]) => !names.has(name));
    const composed = compositions.map(([name, { gradient }]) => ({ name, file: fileOf(name), gradient }));
    const sorted = composed.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    await expect(opsPage(all, sorted, NOT_DIFFERENTIABLE)).toMatchFileSnapshot("../../docs/ops.md");
  });
});
