import { checkGradients, grad, linspace, setFloatx, type Tensor, tensor } from "gradwise";
import { expect, test } from "vitest";

setFloatx("float64");

// Note 004: gradient checking in one dimension.
test("J = theta x: the gradient differs from differences by 2.919e-10", () => {
  const x = tensor(2);
  const J = (theta: Tensor): Tensor => theta.mul(x);
  const [theta, epsilon] = [4, 1e-7];
  const [plus, minus] = [theta + epsilon, theta - epsilon].map((at) => J(tensor(at)));
  const gradapprox = plus.sub(minus).div(2 * epsilon);
  const gradient = grad(J)(tensor(theta));
  const numerator = gradient.sub(gradapprox).abs();
  const difference = numerator.div(gradient.abs().add(gradapprox.abs()));
  expect(Number(gradient)).toBe(2);
  expect(Number(difference).toExponential(3)).toBe("2.919e-10");
  // The library's own check, with the note's step, says the same.
  const { worst, ok } = checkGradients(J, [tensor(theta)], { order: 1, eps: epsilon });
  expect([ok, worst.relativeError]).toEqual([true, Number(difference)]);
});

// Note 003: sympy.diff(J, w).subs([(w, 2)])
test("J = w^2: dJ/dw = 2w, which at w = 2 is 4", () => {
  const J = (w: Tensor): Tensor => w.square().sum();
  const symbolic = (w: Tensor): Tensor => w.mul(2);
  expect(Number(grad(J)(tensor(2)))).toBe(4);
  const w = linspace(-5, 5, 101);
  expect(grad(J)(w).dataSync()).toEqual(symbolic(w).dataSync());
  expect(grad((v: Tensor) => v.pow(2).sum())(w).dataSync()).toEqual(symbolic(w).dataSync());
});
