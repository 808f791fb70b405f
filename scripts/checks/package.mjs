// What npm would publish: packed once, then judged by publint (fields and files) and arethetypeswrong (types per resolver).
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, run, runTool } from "../project.mjs";

/**
 * What npm would publish, as an archive in `folder`.
 * @param {string} folder @returns {Promise<{ archive: string, files: object[], size: number }>}
 */
export async function packInto(folder) {
  const { output } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    capture: true,
  });
  const [{ filename, files, size }] = JSON.parse(output.slice(output.indexOf("[\n")));
  return { archive: join(folder, filename), files, size };
}

/** @returns {Promise<import("./source.mjs").Report>} */
export async function checkPackage() {
  const folder = mkdtempSync(join(tmpdir(), "gradwise-pack-"));
  try {
    const { archive, files, size } = await packInto(folder);
    const unpacked = join(folder, "unpacked");
    mkdirSync(unpacked);
    await run("tar", ["-xzf", archive, "-C", unpacked, "--strip-components=1"]);
    const tools = [
      {
        name: "publint",
        ...(await runTool("publint/src/cli.js", [unpacked, "--strict", "--pack", "false"], { capture: true })),
      },
      {
        name: "attw",
        ...(await runTool(
          "@arethetypeswrong/cli/dist/index.js",
          [archive, "--profile", "esm-only", "--no-color", "--no-emoji"],
          { capture: true },
        )),
      },
    ];
    const problems = tools
      .filter(({ code }) => code !== 0)
      .map(({ name, output }) => {
        return {
          file: "package.json",
          got: `${name}:\n${output.trim()}\n   `,
          want: "no complaint",
          todo: "See above.",
        };
      });
    return { problems, note: `${files.length} files, ${size} bytes packed` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Names in package.json's `sideEffects` and `exports` that were not built. @returns {import("./source.mjs").Report} */
export function checkBuiltPaths() {
  const text = readFileSync(join(ROOT, "package.json"), "utf8");
  // "./dist/node/*.js" is a pattern: its folder must be there.
  const missing = [...new Set(text.match(/\.\/dist\/[\w./-]+/g) ?? [])].filter((path) => !existsSync(join(ROOT, path)));
  const todo = "Write the source file, or take the path out of package.json.";
  return {
    problems: missing.map((path) => ({ file: "package.json", got: `${path}, not built`, want: "a file", todo })),
  };
}
