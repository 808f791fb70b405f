// `npm run bench`: installs the peers when they are missing or the lock file has changed, then measures.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("./", import.meta.url));
const lock = readFileSync(new URL("package-lock.json", import.meta.url), "utf8");
const stamp = new URL("node_modules/.installed-lock.json", import.meta.url);

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: here,
    stdio: ["inherit", "inherit", "inherit"],
    ...options,
  });
  if (error) throw error;
  return status ?? 1;
}

function install() {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("bench: installing the libraries to compare with (about 480 MB) ...");
  // Its output goes to the error stream, so that `--json` stays JSON.
  // onnxruntime-node brings its CPU library along; without this it would fetch CUDA's.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
  const options = { stdio: ["ignore", 2, 2], shell: process.platform === "win32", env };
  const status = run("npm", ["ci", "--no-audit", "--no-fund"], options);
  if (status !== 0) process.exit(status);
  writeFileSync(stamp, lock);
}

install();
process.exitCode = run(
  process.execPath,
  [fileURLToPath(new URL("run.mjs", import.meta.url)), ...process.argv.slice(2)],
  { cwd: process.cwd() },
);
