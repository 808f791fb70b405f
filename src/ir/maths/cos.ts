import type { Expr } from "../expr.ts";
import { sinAt } from "./sin.ts";

/** cos x = sin(x + pi/2), with sin's domain and bounds. */
export function expandCos(x: Expr): Expr {
  return sinAt(x, 1);
}
