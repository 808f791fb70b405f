import { CREATION } from "../conformance/op-cases/creation.ts";
import { ELEMENTWISE } from "../conformance/op-cases/elementwise.ts";
import { PRODUCTS } from "../conformance/op-cases/products.ts";
import { RECORDS } from "../conformance/op-cases/records.ts";
import { REDUCTIONS } from "../conformance/op-cases/reductions.ts";
import { VIEWS } from "../conformance/op-cases/views.ts";
import { testOp } from "../conformance/test-op.ts";
import { isolated } from "./page.ts";

// Every op, forward and backward. That none is forgotten, test/conformance/ops.test.ts sees in Node.
const TESTS = { ...ELEMENTWISE, ...VIEWS, ...REDUCTIONS, ...PRODUCTS, ...CREATION, ...RECORDS };

for (const [name, test] of Object.entries(TESTS)) {
  // To the memory the dtypes are all alike: one is enough for the second page.
  const float32 = test.dtypes?.includes("float32") ?? true;
  testOp(name, isolated || !float32 ? test : { ...test, dtypes: ["float32"] });
}
