import { type Expr, isMathsOp, type MathsOp } from "../expr.ts";
import { changed } from "../rewrite.ts";
import { expandCos } from "./cos.ts";
import { expandExp } from "./exp.ts";
import { expandExpm1 } from "./expm1.ts";
import { expandLog } from "./log.ts";
import { expandLog1p } from "./log1p.ts";
import { expandPow } from "./pow.ts";
import { expandSigmoid } from "./sigmoid.ts";
import { expandSin } from "./sin.ts";
import { expandTanh } from "./tanh.ts";

const EXPANSIONS: Readonly<Record<MathsOp, (x: Expr, y: Expr) => Expr>> = {
  exp: (x) => expandExp(x),
  expm1: expandExpm1,
  log: expandLog,
  log1p: expandLog1p,
  tanh: expandTanh,
  sigmoid: expandSigmoid,
  sin: expandSin,
  cos: expandCos,
  pow: expandPow,
};

/** A function of float arguments in basic operations; the arguments' own functions stay as they are. */
export function expand(op: MathsOp, args: readonly Expr[]): Expr {
  return EXPANSIONS[op](args[0], args[1]);
}

/** The whole expression in basic operations. Shared parts stay shared: among all that are given the same `done`, too. */
export function expandMaths(root: Expr, done: Map<Expr, Expr> = new Map()): Expr {
  const visit = (e: Expr): Expr => {
    if (e.kind !== "call" && e.kind !== "load") return e;
    const known = done.get(e);
    if (known !== undefined) return known;
    const result = expanded(e, visit);
    done.set(e, result);
    return result;
  };
  return visit(root);
}

function expanded(e: Expr, visit: (e: Expr) => Expr): Expr {
  if (e.kind === "load") {
    const guard = e.guard === null ? null : visit(e.guard);
    const at = changed(e.index, visit);
    return guard === e.guard && at === e.index ? e : { ...e, index: at, guard };
  }
  if (e.kind !== "call") return e;
  const args = changed(e.args, visit);
  if (isMathsOp(e.op)) return expand(e.op, args);
  return args === e.args ? e : { ...e, args };
}
