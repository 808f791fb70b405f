// npm run golden [-- NAME ...]: runs test/golden/*.py, each of which writes the data beside it with the real peer (Keras,
// PyTorch, NumPy). Only authors of goldens need it; tests read the committed data. The peers are installed into .venv/
// from test/golden/requirements.txt, unless GRADWISE_PYTHON names an interpreter that has them.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { filesUnder, ROOT, run } from "./project.mjs";

const wanted = process.argv.slice(2);
const found = filesUnder("test/golden", { match: /\.py$/ });
const missing = wanted.filter((name) => !found.some((path) => basename(path, ".py") === name));
if (missing.length) {
  console.error(
    `No test/golden/${missing[0]}.py. There are: ${found.map((path) => basename(path, ".py")).join(", ") || "none"}.`,
  );
  process.exit(1);
}
const scripts = wanted.length ? found.filter((path) => wanted.includes(basename(path, ".py"))) : found;
if (scripts.length === 0) console.log("test/golden/ holds no scripts yet.");
else {
  const python = process.env.GRADWISE_PYTHON ?? (await virtualPython());
  for (const script of scripts) {
    console.log(`golden: ${script}`);
    await mustRun(python, [script]);
  }
}

/** @returns {Promise<string>} */
async function virtualPython() {
  const python = join(ROOT, ".venv", "bin", "python");
  if (!existsSync(python)) await mustRun("python3", ["-m", "venv", ".venv"]);
  const requirements = join("test", "golden", "requirements.txt");
  if (existsSync(join(ROOT, requirements)))
    await mustRun(python, ["-m", "pip", "install", "--quiet", "-r", requirements]);
  return python;
}

/** @param {string} command @param {string[]} args */
async function mustRun(command, args) {
  const { code } = await run(command, args);
  if (code === 0) return;
  console.error(`golden: ${command} ${args.join(" ")} ended with exit code ${code}.`);
  process.exit(1);
}
