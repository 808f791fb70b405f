import { readdirSync, readFileSync } from "node:fs";

const here = new URL("./", import.meta.url);

function modulesIn(folder) {
  return readdirSync(new URL(folder, here))
    .filter((file) => file.endsWith(".mjs"))
    .sort()
    .map((file) => file.slice(0, -".mjs".length));
}

/** Names of the files in peers/, gradwise first: it is what the others are compared with. */
export function peerNames() {
  const names = modulesIn("peers/");
  return ["gradwise", ...names.filter((name) => name !== "gradwise")];
}

export function loadPeer(name) {
  return import(new URL(`peers/${name}.mjs`, here).href);
}

/** w2 before w10; what is not numbered comes last. */
const byNumber = (a, b) => /\d/.test(b) - /\d/.test(a) || a.localeCompare(b, "en", { numeric: true });

/** Every workload of every file in workloads/: plain data, described in README.md. */
export async function loadWorkloads() {
  const names = modulesIn("workloads/").sort(byNumber);
  const files = await Promise.all(names.map((name) => import(new URL(`workloads/${name}.mjs`, here).href)));
  return files.flatMap((file) => file.default);
}

/** `w2` selects every workload of that file, `w2-32` one. */
export function matches(workload, selector) {
  return workload.id === selector || workload.id.startsWith(`${selector}-`);
}

export function packageVersion(name) {
  const manifest = name === "gradwise" ? "../package.json" : `node_modules/${name}/package.json`;
  return JSON.parse(readFileSync(new URL(manifest, here), "utf8")).version;
}
