import type { Expr } from "./expr.ts";

/** What replaces a leaf: another expression, or null to keep it. */
export type Replace = (leaf: Expr) => Expr | null;

/**
 * The expression with leaves (const, index, range) and loads replaced. A load is offered after its own index has
 * been rewritten. Shared parts stay shared.
 */
export function rewrite(root: Expr, replace: Replace): Expr {
  const done = new Map<Expr, Expr>();
  const visit = (e: Expr): Expr => {
    const known = done.get(e);
    if (known !== undefined) return known;
    const result = rebuilt(e, visit, replace);
    done.set(e, result);
    return result;
  };
  return visit(root);
}

function rebuilt(e: Expr, visit: (e: Expr) => Expr, replace: Replace): Expr {
  if (e.kind === "call") {
    const args = e.args.map(visit);
    return args.every((arg, i) => arg === e.args[i]) ? e : { ...e, args };
  }
  if (e.kind === "load") {
    const at = e.index.map(visit);
    const guard = e.guard === null ? null : visit(e.guard);
    const same = guard === e.guard && at.every((arg, i) => arg === e.index[i]);
    const moved = same ? e : { ...e, index: at, guard };
    return replace(moved) ?? moved;
  }
  return replace(e) ?? e;
}
