// npm run check [-- NAME ...]: every rule of the house that a machine can judge. Each prints one line; a failure says the
// file, the line, what was found, what was expected and what to do.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled } from "./ensure.mjs";
import { ROOT, run, runTool } from "./project.mjs";

await ensureInstalled();

const [{ load, show }, { checkLayers }, { checkCycles }, { checkBudgets }, { checkEscapes }, { checkNeighbours },
  { reportComments }, { checkLock, checkTracked }, { checkBundleSize }, { checkTypeCost },
  { checkBuiltPaths, checkPackage }] = await Promise.all([
  import("./checks/source.mjs"), import("./checks/layers.mjs"), import("./checks/cycles.mjs"),
  import("./checks/budgets.mjs"), import("./checks/escapes.mjs"), import("./checks/neighbours.mjs"),
  import("./checks/comments.mjs"), import("./checks/tracked.mjs"), import("./checks/bundle-size.mjs"),
  import("./checks/type-cost.mjs"), import("./checks/package.mjs")]); // biome-ignore format: one table

/** @typedef {import("./checks/source.mjs").Report} Report */

/** @param {string} path */
const read = (path) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), "utf8") : null);
const src = load(["src"]);
const all = [...src, ...load(["cli", "datasets", "examples", "test"])];
const WAITING = "waits for src/index.ts";
const library = read("src/index.ts") !== null;

/** @type {Record<string, () => Report | Promise<Report>>} */
const CHECKS = {
  "tsc-all": () => compile("tsconfig.json"),
  "tsc-src": () => compile("tsconfig.src.json"),
  "tsc-scripts": () => compile("tsconfig.scripts.json"),
  "tsc-browser": () => compile("tsconfig.browser.json"),
  biome: () =>
    tool("@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "--max-diagnostics=50"], "npm run format"),
  oxlint: () => tool("oxlint/bin/oxlint", ["--deny-warnings"], "oxlint --fix mends some"),
  layers: () => checkLayers(src),
  cycles: () => checkCycles(all),
  budgets: () => checkBudgets(all),
  escapes: () => checkEscapes(src),
  neighbours: () => checkNeighbours(src, read),
  comments: () => reportComments(src),
  lock: () => checkLock(read("package-lock.json") ?? "", read(".npmrc") ?? ""),
  tracked: async () => checkTracked(await trackedFiles()),
  "type-cost": () => checkTypeCost(),
  "bundle-size": () => afterBuild(() => checkBundleSize()),
  "built-paths": () => afterBuild(checkBuiltPaths),
  package: () => afterBuild(checkPackage),
  knip: () =>
    library
      ? tool("knip/bin/knip.js", ["--no-progress"], "remove what nobody uses, or say in knip.json why it stays")
      : waiting(),
};

/** @param {string} project @returns {Promise<Report>} */
async function compile(project) {
  const { code, output } = await runTool("typescript/bin/tsc", ["-p", project, "--noEmit", "--pretty", "false"], {
    capture: true,
  });
  if (code !== 0 && output.includes("TS18003")) return { problems: [], note: "holds no files yet", skipped: true };
  return fromTool(project, code, output, "mend the types");
}

/** @param {string} file @param {string[]} args @param {string} todo @returns {Promise<Report>} */
async function tool(file, args, todo) {
  const { code, output } = await runTool(file, args, { capture: true });
  return fromTool(file.split("/").at(-1) ?? file, code, output, todo);
}

/** @param {string} name @param {number} code @param {string} output @param {string} todo @returns {Report} */
function fromTool(name, code, output, todo) {
  if (code === 0) return { problems: [] };
  return {
    problems: [
      { file: name, got: `exit code ${code}:\n${output.trim()}\n   `, want: "no complaint", todo: `To mend: ${todo}.` },
    ],
  };
}

/** @returns {Report} */
const waiting = () => ({ problems: [], note: WAITING, skipped: true });

/** @param {() => Report | Promise<Report>} check @returns {Promise<Report>} */
async function afterBuild(check) {
  if (!library) return waiting();
  await ensureBuilt();
  return check();
}

/** Tracked text files that are still there. */
async function trackedFiles() {
  const { output } = await run("git", ["ls-files", "-z"], { capture: true });
  const binary = /\.(png|gz|npy|bin|safetensors|keras|h5)$/;
  return output.split("\0").flatMap((path) => {
    const text = path && !binary.test(path) ? read(path) : null;
    return text === null ? [] : [{ path, text }];
  });
}

const names = process.argv.slice(2);
const unknown = names.find((name) => !CHECKS[name]);
if (unknown) {
  console.error(`There is no check "${unknown}". There are: ${Object.keys(CHECKS).join(", ")}.`);
  process.exit(1);
}

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const name of names.length ? names : Object.keys(CHECKS)) {
  const start = performance.now();
  const { problems, note = "", skipped = false } = (await CHECKS[name]?.()) ?? { problems: [] };
  const state = problems.length ? "failed" : skipped ? "skipped" : "passed";
  counts[state]++;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const verdict = problems.length ? `FAIL (${problems.length})` : skipped ? "skip" : "ok";
  console.log(`${verdict.padEnd(10)}${name.padEnd(12)} ${seconds} s  ${note}`);
  for (const problem of problems) console.log(show(problem));
}
console.log(`check: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed ? 1 : 0);
