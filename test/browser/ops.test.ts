import { expect, test } from "vitest";
import * as methods from "../../src/ops/method-table.ts";
import * as optional from "../../src/ops/optional-table.ts";
import * as table from "../../src/ops/table.ts";
import { OP_CASES, PUBLIC } from "../conformance/op-cases/index.ts";
import { testOp } from "../conformance/test-op.ts";
import { isolated } from "./page.ts";

// Every op, forward and backward, as test/conformance/ops.test.ts has them in Node.
for (const [name, op] of Object.entries(OP_CASES)) {
  // To the memory the dtypes are all alike: one is enough for the second page.
  const float32 = op.dtypes?.includes("float32") ?? true;
  testOp(name, isolated || !float32 ? op : { ...op, dtypes: ["float32"] });
}

test("no op is forgotten", () => {
  const functions = Object.entries({ ...methods, ...table, ...optional }).filter(
    ([, value]) => typeof value === "function",
  );
  expect(functions.map(([name]) => name).filter((name) => !(name in PUBLIC))).toEqual([]);
});
