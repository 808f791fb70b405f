import { type Expr, s } from "../expr.ts";
import { logOf, normalized, withLogLimits } from "./log.ts";

/**
 * log(1 + x) = log u + c / u, where u is 1 + x rounded and c = (1 + x) - u what the rounding took. Where u needs no
 * scaling (k = 0) f is x itself and nothing was lost.
 */
export function expandLog1p(x: Expr): Expr {
  const u = s.add(x, 1);
  const { k, m } = normalized(u);
  const near = s.eq(k, 0);
  const lost = s.select(s.ge(x, 1), s.sub(1, s.sub(u, x)), s.sub(x, s.sub(u, 1)));
  const f = s.select(near, x, s.sub(m, 1));
  const y = logOf(k, f, s.select(near, s.mul(k, 0), s.div(lost, u)));
  return s.select(s.eq(x, 0), x, withLogLimits(u, y)); // keeps -0
}
