import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/**
 * A program against the library's sources as they are, bundled into `folder`: no test needs a build. `entry` is a
 * path from the project's root, or the program itself. Gives the file's path.
 */
export async function bundleProgram(folder: string, entry: string | { readonly code: string }): Promise<string> {
  const outdir = join(folder, "dist");
  const alias = {
    "#platform": join(ROOT, "src/platform/node.ts"),
    "@gradwise/datasets": join(ROOT, "datasets/src/index.ts"),
    gradwise: join(ROOT, "src/index.ts"),
  };
  // As scripts/build.mjs builds it for Node: lazy parts are files of their own.
  const inject = [join(ROOT, "src/engine/for-node.ts")];
  const names = { outdir, entryNames: "main", outExtension: { ".js": ".mjs" } } as const;
  const node = { bundle: true, splitting: true, platform: "node", format: "esm" } as const;
  const options = { ...node, ...names, logLevel: "error", alias, inject } as const;
  // package.json's sideEffects names files of dist/; without `paths` the aliases alone decide.
  const source = { ignoreAnnotations: true, tsconfigRaw: {} } as const;
  if (typeof entry === "string") await build({ ...options, ...source, entryPoints: [join(ROOT, entry)] });
  else await build({ ...options, ...source, stdin: { contents: entry.code, resolveDir: ROOT, loader: "ts" } });
  // Where datasets looks: beside the folder of its modules.
  await cp(join(ROOT, "datasets/data"), join(folder, "data"), { recursive: true });
  return join(outdir, "main.mjs");
}
