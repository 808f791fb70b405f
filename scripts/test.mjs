// npm test [-- filters and vitest's flags]: unit, property and conformance tests in this Node.
import { ensureInstalled } from "./ensure.mjs";
import { runTool } from "./project.mjs";

await ensureInstalled();
const { code } = await runTool("vitest/vitest.mjs", ["run", ...process.argv.slice(2)]);
process.exit(code);
