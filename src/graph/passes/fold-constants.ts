import { ROUND } from "../../ir/arithmetic.ts";
import { evaluator, type MathsTable } from "../../ir/evaluate.ts";
import { type Expr, isMathsOp } from "../../ir/expr.ts";
import type { Attrs, Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";

/**
 * The one number that fills op(inputs), each input being filled with its value, or null where elements differ or the
 * bits are a backend's own: only what IEEE 754 rounds correctly is folded, never exp, log, sin and their kin.
 */
export function evaluateUniform(
  op: Op,
  inputs: readonly Tensor[],
  attrs: Attrs,
  values: readonly number[],
): number | null {
  const body = op.scalar?.(inputs, attrs, 0).body;
  if (body === undefined || !isUniform(body)) return null;
  const load = (input: number) => ROUND[inputs[input].dtype as Expr["dtype"]](values[input]);
  return evaluator(body, { index: [], range: [], load, maths: NO_MATHS })();
}

/** Whether the coordinates decide only where an input is read, never what is done with it. */
function isUniform(e: Expr): boolean {
  switch (e.kind) {
    case "const":
      return true;
    case "load":
      return e.guard === null;
    case "call":
      return !isMathsOp(e.op) && e.args.every(isUniform);
    default:
      return false;
  }
}

/** Never asked: expressions that need it are not folded. */
const NO_MATHS: MathsTable = {} as MathsTable;
