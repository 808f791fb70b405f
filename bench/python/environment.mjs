import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const venv = fileURLToPath(new URL("../.venv/", import.meta.url));
const interpreter = fileURLToPath(
  new URL(process.platform === "win32" ? "../.venv/Scripts/python.exe" : "../.venv/bin/python", import.meta.url),
);
const stamp = fileURLToPath(new URL("../.venv/bench-installed.json", import.meta.url));

/** The environment of Python's processes: some machines set OpenBLAS to kernels that slow a current numpy. */
export function pythonEnvironment() {
  const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...rest } = process.env;
  return { ...rest, PYTHONUNBUFFERED: "1", TF_CPP_MIN_LOG_LEVEL: "3", TF_ENABLE_ONEDNN_OPTS: "1" };
}

function works(command) {
  const { status } = spawnSync(command, ["-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))"]);
  return status === 0;
}

/** The newest interpreter found: the newest packages need one. */
function findPython(wanted) {
  const usual = ["python3.14", "python3.13", "python3.12", "python3", "python"];
  const named = wanted ?? process.env.GRADWISE_PYTHON;
  return (named ? [named] : usual).find(works);
}

/** pip's report goes to the error stream, so that `--json` stays JSON. */
function run(command, args) {
  return spawnSync(command, args, { stdio: ["ignore", 2, 2], env: pythonEnvironment() }).status === 0;
}

function installedSoFar() {
  return existsSync(stamp) ? JSON.parse(readFileSync(stamp, "utf8")) : [];
}

function install(requirements) {
  const installed = installedSoFar();
  const missing = requirements.filter((name) => !installed.includes(name));
  if (missing.length === 0) return true;
  console.error(`bench: installing ${missing.join(", ")} into bench/.venv ...`);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"];
  if (!run(interpreter, [...pip, ...missing])) return false;
  writeFileSync(stamp, JSON.stringify([...installed, ...missing]));
  return true;
}

/** Versions of packages in the virtual environment, and of Python. */
export function pythonVersions(packages) {
  const code =
    "import json, platform, sys; from importlib.metadata import version;" +
    "print(json.dumps({'Python': platform.python_version(), **{p: version(p) for p in sys.argv[1:]}}))";
  return JSON.parse(
    execFileSync(interpreter, ["-c", code, ...packages], { encoding: "utf8", env: pythonEnvironment() }),
  );
}

/**
 * Installs what the peers need, each on its own so that one which cannot be had does not take the others along.
 * Resolves with the interpreter (undefined where there is none) and, for each peer that cannot run, the reason.
 */
export function preparePython(peers, wanted) {
  const without = (reason) => {
    if (peers.length > 0) console.error(`bench: ${peers.map(({ name }) => name).join(", ")} skipped: ${reason}`);
    return { python: undefined, missing: new Map(peers.map(({ name }) => [name, reason])) };
  };
  if (wanted === "none") return without("left out by --python none");
  if (peers.length === 0) return { python: existsSync(interpreter) ? interpreter : undefined, missing: new Map() };
  if (!existsSync(interpreter)) {
    const python = findPython(wanted);
    if (!python) return without("no Python 3.10 or later with venv and pip here");
    console.error(`bench: making bench/.venv with ${python} ...`);
    if (!run(python, ["-m", "venv", venv])) return without("python -m venv failed");
  }
  const missing = new Map();
  for (const { name, requirements } of peers) {
    if (install(requirements)) continue;
    missing.set(name, `pip cannot install ${requirements.join(", ")} here`);
    console.error(`bench: ${name} skipped: ${missing.get(name)}`);
  }
  return { python: interpreter, missing };
}
