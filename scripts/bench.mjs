// npm run bench [-- arguments]: builds the library, then measures it beside its peers. bench/ installs those itself.
import { join } from "node:path";
import { ensureBuilt, ensureInstalled } from "./ensure.mjs";
import { ROOT, run } from "./project.mjs";

await ensureInstalled();
await ensureBuilt();
const { code } = await run(process.execPath, [join(ROOT, "bench", "start.mjs"), ...process.argv.slice(2)]);
process.exit(code);
