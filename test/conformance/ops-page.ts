import { readFileSync } from "node:fs";
import { HAND_MADE } from "../../src/backends/wasm/hand-made.ts";
import type { Op } from "../../src/graph/op.ts";
import { MATHS_OPS } from "../../src/ir/expr.ts";
import { MATHS_BOUNDS } from "../../src/ir/maths/bounds.ts";
import { type Backend, EVIDENCE } from "./op-evidence.ts";

/** An op's record, the constant that holds it and the file that says so. */
export interface Recorded {
  readonly op: Op;
  readonly constant: string;
  readonly file: string;
}

/** A public function without a record of its own, and what its test says of its gradient. */
export interface Composed {
  readonly name: string;
  readonly file: string;
  readonly gradient: true | string;
}

const BACKENDS: readonly Backend[] = ["reference", "wasm"];
const SHOWN = 3;

/** The first sentence of the comment above an export, which is its formula. */
export function formulaOf(source: string, name: string): string {
  const above = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\nexport (?:const|function) ${name}\\b`).exec(source)?.[1];
  if (above === undefined) throw new Error(`${name} has no comment above it: expected its formula in the first line.`);
  const text = above.replace(/\n \*/g, " ").replace(/\s+/g, " ").trim();
  // Neither an ellipsis nor an initial ends a sentence.
  return text.split(/(?<!\b[A-Z]|\.)[.;] (?=\S)|\.$/, 1)[0] as string;
}

const sourceOf = (file: string): string => readFileSync(new URL(`../../src/ops/${file}`, import.meta.url), "utf8");
const link = (name: string, file: string): string => `[${name}](../src/ops/${file})`;
const row = (cells: readonly string[]): string => `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), `|${" --- |".repeat(head.length)}`, ...rows.map(row)].join("\n");

/** The op's own test and its graphs, or the first few tests that it is part of. */
function provedBy(tests: ReadonlyMap<string, number>, own: string): string {
  const graphs = tests.get(own);
  if (graphs !== undefined) return `${own}, ${graphs} graphs`;
  const others = [...tests.keys()].sort();
  return `${others.slice(0, SHOWN).join(", ")}${others.length > SHOWN ? " and others" : ""}`;
}

/** How a backend computes an op that it was seen to run. */
function wayOf({ name, kind }: Op, backend: Backend, ran: boolean): string {
  const way = kind === "structural" ? "row of its own" : "meaning";
  const kernel = backend === "wasm" && name in HAND_MADE ? `kernel, else ${way}` : way;
  return ran ? kernel : `${kernel}, **not run**`;
}

function gradientOf({ op }: Recorded, reasons: Readonly<Record<string, string>>): string {
  if (op.grad === undefined) return `none: ${reasons[op.name] ?? "**no reason is given**"}`;
  const evidence = EVIDENCE.get(op);
  if (evidence?.takesInputs === false) return "none: it has no inputs";
  const twice = BACKENDS.filter((backend) => evidence?.twice.has(backend));
  if (twice.length === BACKENDS.length) return "twice, on both";
  return twice.length === 0 ? "**not proved**" : `twice, **on ${twice.join(", ")} alone**`;
}

function recordRow(recorded: Recorded, reasons: Readonly<Record<string, string>>): string[] {
  const { op, constant, file } = recorded;
  const { dtypes = [], tests = new Map<string, number>(), ran = new Set<Backend>() } = EVIDENCE.get(op) ?? {};
  return [
    link(op.name, file),
    formulaOf(sourceOf(file), constant),
    op.kind,
    gradientOf(recorded, reasons),
    [...dtypes].sort().join(", "),
    ...BACKENDS.map((backend) => wayOf(op, backend, ran.has(backend))),
    provedBy(tests, op.name),
  ];
}

function composedRow({ name, file, gradient }: Composed): string[] {
  const parts = [...EVIDENCE].filter(([, { tests }]) => tests.has(name)).map(([op]) => op.name);
  const made = [...new Set(parts)].filter((part) => part !== "source").sort();
  return [link(name, file), formulaOf(sourceOf(file), name), made.join(", "), gradient === true ? "twice" : gradient];
}

function boundsRow(name: (typeof MATHS_OPS)[number]): string[] {
  const { float32, float64 } = MATHS_BOUNDS[name];
  const cell = ({ ulps, within }: { ulps: number; within?: number }): string =>
    within === undefined ? `${ulps}` : `${ulps}, up to |x| = ${within.toExponential().replace("+", "")}`;
  return [name, cell(float32), cell(float64)];
}

/** docs/ops.md: every op, as the tests that have run just now saw it. */
export function opsPage(
  records: readonly Recorded[],
  compositions: readonly Composed[],
  reasons: Readonly<Record<string, string>>,
): string {
  const sorted = records.toSorted((a, b) => (a.op.name < b.op.name ? -1 : 1));
  return `# The ops

Written by \`node scripts/ops-page.mjs\` from the ops' records and from what their tests saw; \`npm test\` fails where it
is stale. Do not edit it.

## Primitives

${records.length} records, on ${BACKENDS.length} backends. A formula is the first sentence of the comment in the source. A backend
computes an op by its *meaning* (the scalar expression of the record), by a hand-made *kernel* where that accepts the
operands, or, where the op is structural, by a *row of its own*. On inputs of the dtypes listed each backend gave what the
reference backend gives, op by op and compiled, on both kinds of memory, in the graphs of the tests named. *Twice* says
that the gradient, and its gradient, agreed with differences in float64, along all inputs at once.

${table(
  ["Op", "Formula", "Kind", "Gradient", "Dtypes", "Reference", "WebAssembly", "Proved by tests of"],
  sorted.map((r) => recordRow(r, reasons)),
)}

## Compositions

Functions that have no record: they call other ops, and are run and differentiated as they are.

${table(["Function", "Formula", "Made of", "Gradient"], compositions.map(composedRow))}

## How exact functions are

The greatest errors, in units of the last place, over all exponents, subnormal arguments and results included; infinities,
NaN and signed zeros come out as in C. Emitted code and definition have the same bits, and both are tested. Beyond the
\\|x\\| given sin and cos err as if x were off by an ulp. Operations (+ - * / and the square root) are rounded once.

${table(["Function", "float32", "float64"], MATHS_OPS.map(boundsRow))}
`;
}
