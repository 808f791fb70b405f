import { CREATION } from "../conformance/op-cases/creation.ts";
import { ELEMENTWISE } from "../conformance/op-cases/elementwise.ts";
import { PRODUCTS } from "../conformance/op-cases/products.ts";
import { RECORDS } from "../conformance/op-cases/records.ts";
import { REDUCTIONS } from "../conformance/op-cases/reductions.ts";
import { VIEWS } from "../conformance/op-cases/views.ts";
import { testOp } from "../conformance/test-op.ts";

// Every op, forward and backward, on every engine. That none is forgotten, test/conformance/ops.test.ts sees in Node.
const TESTS = { ...ELEMENTWISE, ...VIEWS, ...REDUCTIONS, ...PRODUCTS, ...CREATION, ...RECORDS };

for (const [name, test] of Object.entries(TESTS)) testOp(name, test);
