// node scripts/ops-page.mjs: writes docs/ops.md and test/golden/data/exact-ops.json anew, by running the
// conformance tests of the ops, which compute them. A line of the latter that changes is an op whose bits have changed.
import { ensureInstalled } from "./ensure.mjs";
import { runTool } from "./project.mjs";

await ensureInstalled();
const args = ["run", "--project", "unit", "test/conformance/ops.test.ts", "test/conformance/exact-ops.test.ts", "-u"];
const { code } = await runTool("vitest/vitest.mjs", args);
process.exit(code);
