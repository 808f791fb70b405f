// Each check is seen to pass what is right and to fail what is not, with file and line.
import { describe, expect, test } from "vitest";
import { checkBudgets } from "../../scripts/checks/budgets.mjs";
import { reportComments } from "../../scripts/checks/comments.mjs";
import { checkCycles } from "../../scripts/checks/cycles.mjs";
import { checkEscapes } from "../../scripts/checks/escapes.mjs";
import { checkLayers } from "../../scripts/checks/layers.mjs";
import { checkNeighbours } from "../../scripts/checks/neighbours.mjs";
import { importsOf, parse, show } from "../../scripts/checks/source.mjs";
import { checkLock, checkTracked } from "../../scripts/checks/tracked.mjs";

const sources = (files: Record<string, string>) => Object.entries(files).map(([path, text]) => parse(path, text));
const places = ({ problems }: { problems: { file: string; line?: number }[] }) =>
  problems.map(({ file, line }) => (line === undefined ? file : `${file}:${line}`));

test("importsOf tells values, types and lazy imports apart", () => {
  const text = [
    'import { a } from "./a.ts";',
    'import type { B } from "./b.ts";',
    'export type { C } from "./c.ts";',
    'export * as d from "./d.ts";',
    'let e: import("./e.ts").E;',
    'const f = () => import("./f.ts");',
    'import { type G } from "./g.ts";',
    'import "./h.ts";',
  ].join("\n");
  const kinds = importsOf(parse("src/ops/x.ts", text)).map(({ specifier, kind, line }) => [specifier, kind, line]);
  expect(kinds).toEqual([
    ["./a.ts", "value", 1],
    ["./b.ts", "type", 2],
    ["./c.ts", "type", 3],
    ["./d.ts", "value", 4],
    ["./e.ts", "type", 5],
    ["./f.ts", "lazy", 6],
    ["./g.ts", "value", 7],
    ["./h.ts", "value", 8],
  ]);
});

describe("layers", () => {
  const judge = (path: string, text: string) => places(checkLayers(sources({ [path]: text })));

  test.each([
    ["src/ops/tanh.ts", 'import { apply } from "../graph/apply.ts";'],
    ["src/ops/tanh.ts", 'import { unary } from "./builders.ts";'],
    ["src/graph/tensor-methods.ts", 'import type { MatMul } from "../ops/matmul.ts";'],
    ["src/models/save.ts", 'const format = await import("../formats/keras/index.ts");'],
    ["src/engine/run.ts", 'import { now } from "#platform";'],
    ["src/formats/keras/zip.ts", 'const { unzipSync } = await import("fflate");'],
    ["src/platform/node.ts", 'import { open } from "node:fs/promises";'],
    ["src/ops/tanh.test.ts", 'import { sequential } from "../models/sequential.ts";'],
    ["src/index.ts", 'export { sequential } from "./models/sequential.ts";'],
  ])("%s may: %s", (path, text) => expect(judge(path, text)).toEqual([]));

  test.each([
    ["src/core/dtype.ts", 'import type { Op } from "../graph/op.ts";'],
    ["src/ops/tanh.ts", 'import { grad } from "../autodiff/grad.ts";'],
    ["src/graph/tensor-methods.ts", 'import { matmul } from "../ops/matmul.ts";'],
    ["src/backends/wasm/emit.ts", 'import type { TanhOp } from "../../ops/tanh.ts";'],
    ["src/layers/dense.ts", 'import { sequential } from "../models/sequential.ts";'],
    ["src/layers/dense.ts", 'import { now } from "#platform";'],
    ["src/models/save.ts", 'import { write } from "../formats/keras/index.ts";'],
    ["src/formats/keras/zip.ts", 'import { unzipSync } from "fflate";'],
    ["src/engine/run.ts", 'import { open } from "node:fs";'],
    ["src/engine/run.ts", 'import { main } from "../../cli/main.ts";'],
    ["src/ops/tanh.ts", 'import { samples } from "./relu.test.ts";'],
  ])("%s may not: %s", (path, text) => expect(judge(path, text)).toEqual([`${path}:1`]));

  test("a folder that the table does not know fails", () => {
    expect(judge("src/helpers/x.ts", "export {};")).toEqual(["src/helpers/x.ts"]);
  });
});

describe("cycles", () => {
  test("are found across files and shown", () => {
    const report = checkCycles(
      sources({
        "src/a.ts": 'import "./b.ts";',
        "src/b.ts": 'import "./c.ts";',
        "src/c.ts": '\nimport "./a.ts";',
      }),
    );
    expect(places(report)).toEqual(["src/c.ts:2"]);
    expect(report.problems[0]?.got).toContain("src/a.ts -> src/b.ts -> src/c.ts -> src/a.ts");
  });

  test("are not closed by a type or a lazy import, nor by a diamond", () => {
    const report = checkCycles(
      sources({
        "src/a.ts": 'import "./b.ts"; import "./c.ts";',
        "src/b.ts": 'import "./c.ts"; import type { A } from "./a.ts";',
        "src/c.ts": 'const a = () => import("./a.ts");',
      }),
    );
    expect(report.problems).toEqual([]);
  });
});

describe("budgets", () => {
  const lines = (count: number, text = "x();") => Array<string>(count).fill(text).join("\n");
  const body = (count: number) => `function f() {\n${lines(count - 2)}\n}\n`;

  test("300 lines pass, 301 do not", () => {
    expect(checkBudgets(sources({ "src/a.ts": `${lines(300)}\n` })).problems).toEqual([]);
    expect(places(checkBudgets(sources({ "src/a.ts": `${lines(301)}\n` })))).toEqual(["src/a.ts"]);
  });

  test("a function of 50 lines passes, one of 51 does not, unless it is in a test", () => {
    expect(checkBudgets(sources({ "src/a.ts": body(50) })).problems).toEqual([]);
    expect(places(checkBudgets(sources({ "src/a.ts": `\n${body(51)}` })))).toEqual(["src/a.ts:2"]);
    expect(places(checkBudgets(sources({ "src/a.ts": `class A {\n  m() {\n${lines(60)}\n  }\n}` })))).toEqual([
      "src/a.ts:2",
    ]);
    expect(checkBudgets(sources({ "src/a.test.ts": body(51) })).problems).toEqual([]);
  });

  test("a marked table does not count", () => {
    const table = `// table: every opcode\nconst OPS = {\n${lines(400, "a: 1,")}\n};\n`;
    expect(checkBudgets(sources({ "src/a.ts": table })).problems).toEqual([]);
    expect(checkBudgets(sources({ "src/a.ts": `/** table: all rules */\n${body(90)}` })).problems).toEqual([]);
    expect(places(checkBudgets(sources({ "src/a.ts": `${table}${lines(301)}` })))).toEqual(["src/a.ts"]);
    expect(places(checkBudgets(sources({ "src/a.ts": table.replace("table", "Tables are fine") })))).toEqual([
      "src/a.ts",
    ]);
  });
});

test("escapes: any, ! and compiler comments fail in src, but for the one alias and in tests", () => {
  const text = 'let a: any;\nconst b = a!;\nclass C { d!: number }\n// @ts-ignore\nconst s = "any!";';
  const found = checkEscapes(
    sources({
      "src/core/shape-types.ts": "export type Any = any;\nexport type Other = any;",
      "src/x.ts": text,
      "src/x.test.ts": text,
      "cli/main.ts": text,
    }),
  );
  expect(places(found)).toEqual(["src/core/shape-types.ts:2", "src/x.ts:1", "src/x.ts:2", "src/x.ts:3", "src/x.ts:4"]);
});

describe("neighbours", () => {
  const files = sources({
    "src/ops/tanh.ts": "export const tanh = 1;",
    "src/ops/relu.ts": "export const relu = 1;",
    "src/ops/window.ts": "// tested by src/ops/tanh.test.ts\nexport const w = 1;",
    "src/ops/types.ts": 'import type { A } from "./a.ts";\nexport interface B {}',
    "src/ops/index.ts": "export const table = 1;",
    "src/ops/tanh.test.ts": "",
    "src/graph/passes/fold.ts": "export const fold = 1;",
  });

  const README = "It imports nothing. To add one, copy `tanh.test.ts`.";

  test("a README says what it may import and what to copy, of files that are there", () => {
    const judge = (text: string) =>
      checkNeighbours(files, (path) => (path.endsWith("README.md") ? text : path.endsWith("tanh.test.ts") ? "" : null))
        .problems.filter(({ file }) => file === "src/ops/README.md")
        .map(({ want }) => want);
    expect(judge(README)).toEqual([]);
    expect(judge("It is here.")).toEqual(["what it may import", "which file to copy to add one"]);
    expect(judge("It imports core. Copy `gone.ts`.")).toEqual(["a file that is there"]);
  });

  test("a concept needs its test, a folder its README", () => {
    const there = new Set(["src/ops/tanh.test.ts", "src/ops/README.md"]);
    const report = checkNeighbours(files, (path) => (there.has(path) ? README : null));
    expect(places(report)).toEqual(["src/graph/passes/README.md", "src/ops/relu.ts"]);
  });

  test("a README of 16 lines is too long, a test that is named must be there", () => {
    const report = checkNeighbours(files, (path) => (path.endsWith("README.md") ? "line\n".repeat(16) : null));
    const readmes = ["src/graph/passes/README.md", "src/ops/README.md"];
    expect(places(report)).toEqual([...readmes, "src/ops/tanh.ts", "src/ops/relu.ts", "src/ops/window.ts"]);
    expect(report.problems[4]?.want).toBe("src/ops/tanh.test.ts");
  });
});

test("comments are counted by lines, not inside strings", () => {
  const { note } = reportComments(sources({ "src/a.ts": '// one\n/* two\n three */\nconst a = "// no";\n' }));
  expect(note).toBe("75.0 % of 4 lines are comments");
});

test("a lock file with an address fails; a workspace's link passes", () => {
  const npmrc = "fund=false\nomit-lockfile-registry-resolved=true\n";
  const line = (to: string) => `{\n  "resolved": "${to}"\n}`;
  expect(checkLock(line("datasets"), npmrc).problems).toEqual([]);
  expect(places(checkLock(line("https://registry.example/a.tgz"), npmrc))).toEqual(["package-lock.json:2"]);
  expect(places(checkLock("{}", "fund=false"))).toEqual([".npmrc"]);
});

test("tracked text names no registry and no path of one machine", () => {
  const machine = ["", "work", "main"].join("/");
  const host = `https://registry.npmjs${".org"}/x`;
  const files = [
    { path: "docs/a.md", text: `fine\nsee ${machine}` },
    { path: "docs/b.md", text: host },
    { path: "docs/c.md", text: "framework/main, at work/home" },
  ];
  expect(places(checkTracked(files))).toEqual(["docs/a.md:2", "docs/b.md:1"]);
});

test("a problem is shown with place, found, expected and remedy", () => {
  const text = show({ file: "a.ts", line: 3, got: "301 lines", want: "at most 300", todo: "Split it." });
  expect(text).toBe("  a.ts:3\n    got 301 lines, expected at most 300. Split it.");
});
