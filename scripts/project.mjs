// What every script needs to know of the project: where it lies, and how to run one of its tools.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const SKIPPED = new Set(["node_modules", ".git", ".cache", ".venv", "dist", "dist-cli", "dist-examples"]);

/**
 * Files under `folder` (relative to `root`), sorted, as paths relative to `root` with forward slashes.
 * A folder that is not there holds no files.
 * @param {string} folder @param {{ root?: string, match?: RegExp }} [options] @returns {string[]}
 */
export function filesUnder(folder, { root = ROOT, match = /./ } = {}) {
  /** @type {string[]} */
  const found = [];
  /** @param {string} at */
  const walk = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) found.push(relative(root, path).split(sep).join("/"));
    }
  };
  try {
    walk(join(root, folder));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  return found.filter((path) => match.test(path)).sort();
}

/**
 * Runs a command to its end. With `capture` its output is returned and not shown.
 * @param {string} command @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { cwd = ROOT, env = process.env, capture = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: capture ? ["ignore", "pipe", "pipe"] : "inherit" });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    // Ctrl-C reaches the child by the terminal; the parent stays to report how the child ended.
    const wait = () => {};
    process.on("SIGINT", wait);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", wait);
      resolve({ code: code ?? (signal ? 130 : 1), output });
    });
  });
}

/**
 * Runs the JavaScript file of an installed package with this very Node.
 * @param {string} file path under node_modules @param {string[]} args @param {Parameters<typeof run>[2]} [options]
 */
export function runTool(file, args, options) {
  return run(process.execPath, [join(ROOT, "node_modules", file), ...args], options);
}
