import { describe, expect, it } from "vitest";
import { GradwiseError } from "../core/errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Variable } from "../graph/variable.ts";
import { customGradient, ops } from "../ops/index.ts";
import { tensor } from "../ops/tensor.ts";
import { checkGradients } from "./check-gradients.ts";
import { compile } from "./compile.ts";
import "./eager.ts";

const x = tensor([[0.3, -1.2, 2], [1.5, 0.1, -0.7]]); // biome-ignore format: a matrix
const w = tensor([[0.2, -0.4], [1.1, 0.3], [-0.6, 0.9]]); // biome-ignore format: a matrix

describe("checkGradients", () => {
  it("finds the course's numbers: J = theta x at x = 2, theta = 4, eps = 1e-7", () => {
    const report = checkGradients((theta) => ops.mul(theta, 2), [tensor(4)], { eps: 1e-7, order: 1 });
    expect(report.relativeError).toBeCloseTo(2.919335883291695e-10, 16);
    expect([report.ok, report.worst.analytic, report.worst.at]).toEqual([true, 2, []]);
  });

  it("agrees for a network to the second and third order, and says by how much", () => {
    const f = (a: Tensor, b: Tensor): Tensor => ops.mean(ops.square(ops.tanh(ops.matmul(a, b))));
    for (const order of [1, 2, 3]) {
      const report = checkGradients(f, [x, w], { order });
      expect(report.order).toBe(order);
      expect(report.relativeError).toBeLessThan(1e-7);
      expect(report.relativeError).toBeGreaterThan(0);
      expect(`${report}`).toMatch(
        new RegExp(
          `^gradients agree to order ${order}: relative error \\d.*; the worst element is argument [01] at \\[\\d, \\d\\]`,
        ),
      );
    }
  });

  it("checks functions of several values, of float32 inputs and of ints beside them", () => {
    const rows = tensor([1, 0, 1], { dtype: "int32" });
    expect(checkGradients((a, at) => ops.exp(ops.gather(a, at)), [x, rows]).ok).toBe(true);
  });

  it("takes slopes of 0 for 0, whatever rounding makes of them", () => {
    expect(checkGradients((a) => ops.add(ops.mul(a, 0), 1e3), [x], { order: 1 }).ok).toBe(true);
    expect(checkGradients((a) => ops.mul(a, 3), [x], { order: 3 }).ok).toBe(true);
  });

  const tooLarge = customGradient(
    (a: Tensor) => ops.square(a),
    (dy, { inputs: [a] }) => ops.mul(dy, ops.mul(a as Tensor, tensor([[2, 2, 2], [2, 2.01, 2]]))), // biome-ignore format: a matrix
  );

  it("catches one wrong element and names it", () => {
    const report = checkGradients((b, a) => ops.add(ops.sum(b), ops.sum(tooLarge(a))), [w, x], { order: 1 });
    expect(report.ok).toBe(false);
    expect(report.worst).toMatchObject({ order: 1, input: "argument 1", index: 1, at: [1, 1] });
    expect(report.worst.numeric).toBeCloseTo(0.2, 7);
    expect(report.worst.analytic).toBeCloseTo(0.201, 7);
    expect(report.worst.relativeError).toBeCloseTo(0.001 / 0.401, 6);
  });

  it("finds it among thousands", () => {
    const n = 5000;
    const wrong = Float64Array.from({ length: n }, (_, i) => (i === 3210 ? 2.001 : 2));
    const f = customGradient((a: Tensor) => ops.square(a), (dy, { inputs: [a] }) => ops.mul(dy, ops.mul(a as Tensor, tensor(wrong)))); // biome-ignore format: one line
    const report = checkGradients((a) => f(a), [tensor(new Float64Array(n).fill(1))], { order: 1 });
    expect([report.ok, report.worst.at]).toEqual([false, [3210]]);
  });

  it("catches a gradient that is right once and wrong when differentiated again", () => {
    const cube = customGradient(
      (a: Tensor) => ops.mul(a, ops.square(a)),
      (dy, { inputs: [a] }) => ops.mul(dy, ops.stopGradient(ops.mul(ops.square(a as Tensor), 3))),
    );
    expect(checkGradients((a) => cube(a), [x], { order: 1 }).ok).toBe(true);
    const report = checkGradients((a) => cube(a), [x]);
    expect([report.ok, report.worst.order]).toEqual([false, 2]);
    expect(`${report}`).toContain("the derivative of order 2 is wrong");
  });

  it("throws when asked to, naming what is wrong and what to do", () => {
    const check = (): unknown => checkGradients((a) => tooLarge(a), [x], { order: 1, throws: true });
    expect(check).toThrow(GradwiseError);
    expect(check).toThrow(
      /checkGradients: the gradient is wrong, relative error .* over 0.000001. Worst is argument 0 at \[1, 1\]: the gradient is .* differences give .* customGradient/,
    );
    expect(checkGradients((a) => ops.square(a), [x], { throws: true }).ok).toBe(true);
  });

  it("does not take NaN for agreement", () => {
    const report = checkGradients((a) => ops.sqrt(a), [tensor([-1])], { order: 1 });
    expect([report.ok, report.relativeError]).toEqual([false, Number.POSITIVE_INFINITY]);
  });

  it("checks float32 Variables in float64, and leaves them as they are", () => {
    const kernel = new Variable(w, { name: "kernel" });
    const bias = new Variable(tensor([0.1, -0.2]), { name: "bias" });
    const f = (a: Tensor): Tensor => ops.sum(ops.sigmoid(ops.matmul(a, kernel.read(), { bias: bias.read() })));
    const variables = [kernel, bias];
    expect(checkGradients(f, [x], { variables }).relativeError).toBeLessThan(1e-8);
    expect(kernel.read().arraySync()).toEqual(w.arraySync());
    const wrong = checkGradients(() => ops.sum(tooLarge(ops.reshape(kernel.read(), [2, 3]))), [], {
      variables,
      order: 1,
    });
    expect(wrong.ok).toBe(false);
    expect(wrong.worst).toMatchObject({ input: 'variable "kernel"', index: 0, at: [2, 0] });
  });

  it("gives the same report for the same seed", () => {
    const f = (a: Tensor): Tensor => ops.sum(ops.tanh(a));
    const [a, b, c] = [1, 1, 2].map((seed) => checkGradients(f, [x], { seed }).relativeError);
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });

  it("refuses what it cannot check", () => {
    const f = (a: Tensor): Tensor => ops.sum(a);
    expect(() => checkGradients(f, [tensor([1], { dtype: "int32" })])).toThrow(
      "neither inputs nor variables hold a float tensor",
    );
    expect(() => checkGradients(f, [x], { order: 0 })).toThrow("expected an order of 1 or more, got 0");
    expect(() => checkGradients(f, [x], { eps: 0 })).toThrow("expected eps over 0");
    expect(() => checkGradients((a) => ops.argMax(a), [x])).toThrow(
      "expected the function to return floats, got int32",
    );
    const traced = compile((a: Tensor) => ops.mul(a, checkGradients(f, [a]).relativeError));
    expect(() => traced(x)).toThrow("cannot run inside a traced function");
  });
});
