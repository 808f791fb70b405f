// node scripts/ops-page.mjs: writes docs/ops.md anew, by running the conformance tests of the ops, which compute it.
import { ensureInstalled } from "./ensure.mjs";
import { runTool } from "./project.mjs";

await ensureInstalled();
const args = ["run", "--project", "unit", "test/conformance/ops.test.ts", "-u"];
const { code } = await runTool("vitest/vitest.mjs", args);
process.exit(code);
