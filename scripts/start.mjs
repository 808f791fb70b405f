// npm start: the main job. It runs in this process, so that Ctrl-C and the terminal reach it directly.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt, ensureInstalled } from "./ensure.mjs";
import { ROOT } from "./project.mjs";

await ensureInstalled();
if (!existsSync(join(ROOT, "cli", "main.ts"))) {
  console.error("npm start: cli/main.ts is not there yet, so there is nothing to run.");
  process.exit(1);
}
await ensureBuilt();
const main = join(ROOT, "dist-cli", "main.js");
process.argv[1] = main;
await import(pathToFileURL(main).href);
