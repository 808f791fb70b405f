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
    if (e.kind !== "call" && e.kind !== "load") return replace(e) ?? e;
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
    const args = changed(e.args, visit);
    return args === e.args ? e : { ...e, args };
  }
  if (e.kind === "load") {
    const at = changed(e.index, visit);
    const guard = e.guard === null ? null : visit(e.guard);
    const moved = guard === e.guard && at === e.index ? e : { ...e, index: at, guard };
    return replace(moved) ?? moved;
  }
  return e;
}

/** The list with each part visited; itself where nothing changed. */
export function changed(list: readonly Expr[], visit: (e: Expr) => Expr): readonly Expr[] {
  let result: Expr[] | null = null;
  for (let i = 0; i < list.length; i++) {
    const e = list[i] as Expr;
    const now = visit(e);
    if (now === e) continue;
    result ??= list.slice();
    result[i] = now;
  }
  return result ?? list;
}
