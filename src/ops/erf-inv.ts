import type { Op } from "../graph/op.ts";
import type { D_, S_, Tensor } from "../graph/tensor.ts";
import { constant, type Expr, s } from "../ir/expr.ts";
import { applyUnary, unary } from "./builders.ts";
import type { Floated } from "./result-dtype.ts";

/**
 * erfInv(x) = x p(w), where w = -ln(1 - x^2) and p is a polynomial in w (small w) or sqrt(w), for each dtype:
 * M. Giles, "Approximating the erfinv function", GPU Computing Gems Jade Edition, 2011.
 * Its derivative is sqrt(pi) / 2 e^(y^2). It turns uniform numbers into normal ones.
 */
export const erfInvOp: Op = unary({
  name: "erfInv",
  takes: "float",
  scalar: (x) => {
    const w = s.neg(s.log1p(s.neg(s.mul(x, x))));
    const p = x.dtype === "float64" ? double(w) : single(w);
    // w is infinite at -1 and 1, where the polynomial need not be.
    return s.select(s.eq(s.abs(x), 1), s.mul(x, Number.POSITIVE_INFINITY), s.mul(p, x));
  },
  grad: ([dy], { outputs: [y] }, o) => [o.mul(dy, o.mul(Math.sqrt(Math.PI) / 2, o.exp(o.mul(y, y))))],
});

/** The inverse of the error function on (-1, 1), elementwise. */
export function erfInv<A extends Tensor>(x: A): Tensor<S_<A>, Floated<D_<A>>> {
  return applyUnary(erfInvOp, "float", x);
}

/** The highest power's coefficient first. */
function polynomial(coefficients: readonly number[], x: Expr): Expr {
  const [first, ...rest] = coefficients;
  return rest.reduce<Expr>((sum, c) => s.add(s.mul(sum, x), c), constant(first, x.dtype));
}

function single(w: Expr): Expr {
  return s.select(s.lt(w, 5), polynomial(SINGLE_CENTRE, s.sub(w, 2.5)), polynomial(SINGLE_TAIL, s.sub(s.sqrt(w), 3)));
}

function double(w: Expr): Expr {
  const root = s.sqrt(w);
  const tail = s.select(
    s.lt(w, 16),
    polynomial(DOUBLE_TAIL, s.sub(root, 3.25)),
    polynomial(DOUBLE_END, s.sub(root, 5)),
  );
  return s.select(s.lt(w, 6.25), polynomial(DOUBLE_CENTRE, s.sub(w, 3.125)), tail);
}

const SINGLE_CENTRE = [
  2.81022636e-8, 3.43273939e-7, -0.0000035233877, -0.00000439150654, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
];

const SINGLE_TAIL = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
];

const DOUBLE_CENTRE = [
  -3.64441206401782e-21, -1.6850591381820166e-19, 1.28584807152564e-18, 1.1157877678025181e-17, -1.333171662854621e-16,
  2.0972767875968562e-17, 6.637638134358324e-15, -4.054566272975207e-14, -8.151934197605472e-14, 2.6335093153082323e-12,
  -1.2975133253453532e-11, -5.415412054294628e-11, 1.0512122733215323e-9, -4.112633980346984e-9, -2.9070369957882005e-8,
  4.2347877827932404e-7, -0.0000013654692000834679, -0.000013882523362786469, 0.00018673420803405714,
  -0.000740702534166267, -0.006033670871430149, 0.24015818242558962, 1.6536545626831027,
];

const DOUBLE_TAIL = [
  2.2137376921775787e-9, 9.075656193888539e-8, -2.7517406297064545e-7, 1.8239629214389228e-8, 0.0000015027403968909828,
  -0.000004013867526981546, 0.0000029234449089955446, 0.000012475304481671779, -0.000047318229009055734,
  0.00006828485145957318, 0.000024031110387097894, -0.0003550375203628475, 0.0009532893797373805,
  -0.0016882755560235047, 0.002491442096107851, -0.003751208507569241, 0.005370914553590064, 1.0052589676941592,
  3.0838856104922208,
];

const DOUBLE_END = [
  -2.7109920616438573e-11, -2.555641816996525e-10, 1.5076572693500548e-9, -3.789465440126737e-9, 7.61570120807834e-9,
  -1.496002662714924e-8, 2.914795345090108e-8, -6.771199775845234e-8, 2.2900482228026655e-7, -9.9298272942317e-7,
  0.000004526062597223154, -0.00001968177810553167, 0.00007599527703001776, -0.00021503011930044477,
  -0.00013871931833623122, 1.0103004648645344, 4.849906401408584,
];
