// npm run lock: brings package-lock.json in step with package.json, for every system.
//
// A registry mirror may serve the prebuilt binaries of only some systems; npm then leaves the others out of the lock
// file, and `npm ci` calls the file incomplete. Their versions are exact in their parent's optionalDependencies and
// their system is in their name, so they can be written down without being fetched.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT, run } from "./project.mjs";

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string> }} Entry
 */

const OS = /(?:^|[/-])(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)(?:-|$)/;
const CPU = /-(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)(?:-|$)/;

/** @param {string} name @returns {Pick<Entry, "os" | "cpu" | "libc"> | null} */
export function systemOf(name) {
  const os = OS.exec(name)?.[1];
  const cpu = CPU.exec(name)?.[1];
  if (!os || !cpu) return null;
  const libc = /-musl/.test(name) ? "musl" : /-gnu/.test(name) ? "glibc" : null;
  return { cpu: [cpu], ...(os === "linux" && libc ? { libc: [libc] } : {}), os: [os] };
}

/**
 * The lock file's packages with the missing binaries of other systems added, in npm's order.
 * @param {Record<string, Entry>} packages @returns {{ packages: Record<string, Entry>, added: string[] }}
 */
export function completed(packages) {
  const all = { ...packages };
  /** @type {string[]} */
  const added = [];
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const system = systemOf(name);
      const known = [`${path}/node_modules/${name}`, `node_modules/${name}`].some((at) => all[at]?.version === version);
      if (known || !system || !/^\d+\.\d+\.\d+/.test(version)) continue;
      const at = all[`node_modules/${name}`] ? `${path}/node_modules/${name}` : `node_modules/${name}`;
      all[at] = { version, ...(dev ? { dev } : {}), optional: true, ...system };
      added.push(`${name}@${version}`);
    }
  }
  const order = Object.keys(all).sort((a, b) => a.localeCompare(b, "en"));
  return { packages: Object.fromEntries(order.map((path) => [path, all[path] ?? {}])), added };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { code } = await run("npm", ["install", "--package-lock-only", "--no-fund", "--no-audit"]);
  if (code !== 0) process.exit(code);
  const path = join(ROOT, "package-lock.json");
  const lock = JSON.parse(readFileSync(path, "utf8"));
  const { packages, added } = completed(lock.packages);
  writeFileSync(path, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
  console.log(added.length ? `Added to the lock file: ${added.join(", ")}` : "The lock file was complete.");
}
