import type { OpTest } from "../test-op.ts";
import { CONVOLUTIONS } from "./convolutions.ts";
import { CREATION } from "./creation.ts";
import { ELEMENTWISE } from "./elementwise.ts";
import { LOOPS } from "./loops.ts";
import { PRODUCTS } from "./products.ts";
import { RECORDS } from "./records.ts";
import { REDUCTIONS } from "./reductions.ts";
import { VIEWS } from "./views.ts";
import { WINDOWS } from "./windows.ts";

/** By public name. */
export const PUBLIC: Readonly<Record<string, OpTest>> = {
  ...ELEMENTWISE,
  ...VIEWS,
  ...REDUCTIONS,
  ...PRODUCTS,
  ...CONVOLUTIONS,
  ...WINDOWS,
  ...LOOPS,
  ...CREATION,
};

/** Public ops, and records that only other ops use. */
export const OP_CASES: Readonly<Record<string, OpTest>> = { ...PUBLIC, ...RECORDS };
