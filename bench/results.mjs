import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describeLimits, tableOf } from "./report.mjs";

const intro = `# Results

Written by \`npm run bench -- --write\`; README.md says how, and why it is fair. Rows come in the order of their figures.
"gradwise ahead" is the median, over the rounds, of the quotient within a round: above 1, gradwise is faster or smaller.
"of loop", "of sgemm 1T" and "of sgemm" are GFLOP/s as parts of the limits that were measured in the same rounds.`;

function markdownTable(header, lines) {
  const row = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "/").replaceAll("\n", " ")).join(" | ")} |`;
  return [row(header), row(header.map(() => "---")), ...lines.map(row)].join("\n");
}

/** Best first, those without a figure last, in the order they came. */
function sorted(rows) {
  const better = (a, b) =>
    a.unit === "us" || a.unit === "s" || a.unit === "kB" ? a.median - b.median : b.median - a.median;
  const known = rows.filter((row) => Number.isFinite(row.figures[0].median));
  return [...known.sort((a, b) => better(a.figures[0], b.figures[0])), ...rows.filter((row) => !known.includes(row))];
}

function workloadText(result, { machine, rounds, settings, note }) {
  const { header, lines } = tableOf(result, sorted(result.rows));
  const circumstances = `${machine.date.slice(0, 16).replace("T", " ")}, load ${machine.loadBefore.toFixed(1)} before, ${rounds} rounds.${settings}`;
  return [
    `### ${result.id}: ${result.title}`,
    [circumstances, note, describeLimits(result.limits)].filter(Boolean).join(" "),
    markdownTable(header, lines),
  ].join("\n\n");
}

function headOf({ machine, versions }) {
  const { cpu, cores, memoryGigabytes, system, node } = machine;
  const named = Object.entries(versions).map((entry) => entry.join(" "));
  return [
    `## Node ${node.replace(/^v/, "").split(".")[0]}`,
    `${cpu}, ${cores} cores, ${memoryGigabytes} GB, ${system}, Node ${node}. ${named.join(", ")}.`,
  ].join("\n\n");
}

const headingOf = (text) => text.slice(0, `${text}\n`.indexOf("\n"));

/** Text cut before every heading of this level; what stands before the first comes first. */
function cut(text, level) {
  const [head, ...parts] = text.split(new RegExp(`^(?=${"#".repeat(level)} )`, "m")).map((part) => part.trim());
  return head.startsWith(`${"#".repeat(level)} `) ? { head: "", parts: [head, ...parts] } : { head, parts };
}

const byWorkload = (a, b) =>
  /\d/.test(headingOf(b)) - /\d/.test(headingOf(a)) || a.localeCompare(b, "en", { numeric: true });

/** The file with this run's workloads in the part of its Node: others stay as they were measured. */
export function mergeRun(file, run) {
  const head = headOf(run);
  const parts = new Map(cut(file, 2).parts.map((part) => [headingOf(part), part]));
  const before = parts.get(headingOf(head)) ?? "";
  const workloads = new Map(cut(before, 3).parts.map((part) => [headingOf(part).split(":")[0], part]));
  for (const result of run.workloads) workloads.set(`### ${result.id}`, workloadText(result, run));
  const all = [...workloads].sort(([a], [b]) => byWorkload(a, b)).map(([, text]) => text);
  parts.set(headingOf(head), [head, ...all].join("\n\n"));
  const nodes = [...parts].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })).map(([, text]) => text);
  return `${[intro, ...nodes].join("\n\n")}\n`;
}

export function writeResults(run) {
  const path = new URL("RESULTS.md", import.meta.url);
  writeFileSync(path, mergeRun(existsSync(path) ? readFileSync(path, "utf8") : "", run));
}
