import { expect, test } from "vitest";
import * as optional from "../../src/ops/optional-table.ts";
import * as table from "../../src/ops/table.ts";
import { CONVOLUTIONS } from "../conformance/op-cases/convolutions.ts";
import { CREATION } from "../conformance/op-cases/creation.ts";
import { ELEMENTWISE } from "../conformance/op-cases/elementwise.ts";
import { PRODUCTS } from "../conformance/op-cases/products.ts";
import { RECORDS } from "../conformance/op-cases/records.ts";
import { REDUCTIONS } from "../conformance/op-cases/reductions.ts";
import { VIEWS } from "../conformance/op-cases/views.ts";
import { WINDOWS } from "../conformance/op-cases/windows.ts";
import { testOp } from "../conformance/test-op.ts";
import { isolated } from "./page.ts";

// Every op, forward and backward, as test/conformance/ops.test.ts has them in Node.
const PUBLIC = { ...ELEMENTWISE, ...VIEWS, ...REDUCTIONS, ...PRODUCTS, ...CONVOLUTIONS, ...WINDOWS, ...CREATION };

for (const [name, op] of Object.entries({ ...PUBLIC, ...RECORDS })) {
  // To the memory the dtypes are all alike: one is enough for the second page.
  const float32 = op.dtypes?.includes("float32") ?? true;
  testOp(name, isolated || !float32 ? op : { ...op, dtypes: ["float32"] });
}

test("no op is forgotten", () => {
  const functions = Object.entries({ ...table, ...optional }).filter(([, value]) => typeof value === "function");
  expect(functions.map(([name]) => name).filter((name) => !(name in PUBLIC))).toEqual([]);
});
