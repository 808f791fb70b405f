// npm run example -- NAME [arguments]: runs examples/NAME/main.ts. Without a name it lists them.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt, ensureInstalled } from "./ensure.mjs";
import { filesUnder, ROOT } from "./project.mjs";

const names = filesUnder("examples", { match: /^examples\/[^/]+\/main\.ts$/ }).map((path) => path.split("/")[1] ?? "");
const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  if (name !== undefined) console.error(`No example is named "${name}".`);
  console.log(names.length ? names.join("\n") : "There are no examples yet.");
  process.exit(name === undefined ? 0 : 1);
}
await ensureInstalled();
await ensureBuilt();
const main = join(ROOT, "dist-examples", name, "main.js");
if (!existsSync(main)) throw new Error(`${main} was not built.`);
process.argv = [process.execPath, main, ...args];
await import(pathToFileURL(main).href);
