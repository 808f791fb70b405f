// Set-up on demand, from nothing but Node: install when node_modules differs from the lock file, build when a source
// changed. Both decide by content, since a fresh checkout or a branch switch makes times meaningless.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesUnder, ROOT, run } from "./project.mjs";

/** @typedef {{ version?: string, optional?: boolean, link?: boolean }} Locked */

/** @param {string} path @returns {Record<string, Locked> | null} */
function packagesOf(path) {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages ?? null;
  } catch {
    return null;
  }
}

/**
 * Why `npm ci` is needed in `folder`, or null. npm writes node_modules/.package-lock.json at the end of each install,
 * so an interrupted install is seen too. Optional packages are those of other systems: they may be missing.
 * @param {string} folder @returns {string | null}
 */
export function whyInstall(folder) {
  const locked = packagesOf(join(folder, "package-lock.json"));
  if (!locked) return null;
  const installed = packagesOf(join(folder, "node_modules", ".package-lock.json"));
  if (!installed) return "no packages are installed";
  for (const [path, { version, optional, link }] of Object.entries(locked)) {
    if (!path.startsWith("node_modules/")) continue;
    const got = installed[path];
    if (!got && optional) continue;
    if (!got || (!link && got.version !== version) || (link && !existsSync(join(folder, path)))) {
      return `${path.replace("node_modules/", "")}: the lock file has ${version ?? "a link"}, installed is ${got?.version ?? "none"}`;
    }
  }
  return null;
}

/** @param {string} [folder] */
export async function ensureInstalled(folder = ROOT) {
  const why = whyInstall(folder);
  if (!why) return;
  console.error(`Installing packages (${why}) ...`);
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { code } = await run(npm, ["ci", "--no-fund", "--no-audit"], { cwd: folder });
  if (code !== 0) {
    console.error(`npm ci failed in ${folder} (exit ${code}). Is a package registry reachable?`);
    process.exit(1);
  }
}

const BUILT_FROM = ["src", "cli", "datasets", "examples"];
const BUILD_FILES = [
  "package.json",
  "package-lock.json",
  "tsconfig.base.json",
  "tsconfig.build.json",
  "scripts/build.mjs",
];

/** A hash of all that the build reads. @param {string} [root] @returns {string} */
export function sourceHash(root = ROOT) {
  const hash = createHash("sha256");
  const sources = BUILT_FROM.flatMap((folder) => filesUnder(folder, { root, match: /\.(ts|json)$/ }));
  for (const path of [...sources, ...BUILD_FILES]) {
    if (path.endsWith(".test.ts") || !existsSync(join(root, path))) continue;
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

const STAMP = join(ROOT, "node_modules", ".cache", "gradwise", "built");

/** Builds when a source changed since the last build. Exits when the build fails. */
export async function ensureBuilt() {
  const hash = sourceHash();
  const built = existsSync(join(ROOT, "dist")) && existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";
  if (built === hash) return;
  console.error("Building ...");
  const { code, output } = await run(process.execPath, [join(ROOT, "scripts", "build.mjs")], { capture: true });
  if (code !== 0) {
    console.error(output);
    process.exit(1);
  }
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, hash);
}
