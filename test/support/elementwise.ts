import { beforeAll, describe, expect, it } from "vitest";
import type { DType } from "../../src/core/dtype.ts";
import { apply as applyOp } from "../../src/graph/apply.ts";
import type { Op } from "../../src/graph/op.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { opGradient } from "./op-gradient.ts";
import { installReferenceEngine } from "./reference-engine.ts";

const FLOATS = ["float32", "float64"] as const;

/** How far a result may be from float64 mathematics, relative to its size. */
const TOLERANCE = { float32: 1e-6, float64: 4e-15 };

/** Difference quotients in float64 with this step are good to about the tolerance. */
const STEP = 1e-6;
const GRADIENT_TOLERANCE = 1e-7;

function expectNear(got: number, want: number, tolerance: number, what: string): void {
  if (Number.isFinite(want))
    expect(Math.abs(got - want), what).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(want)));
  else expect(got, what).toBe(want);
}

interface UnaryCase {
  readonly op: Op;
  readonly apply: (x: Tensor) => Tensor;
  readonly ref: (x: number) => number;
  /** Where values and gradients are compared: no kinks, no poles. */
  readonly samples: readonly number[];
  /** Exact results at NaN, infinities, zeros of either sign, kinks. */
  readonly exact: readonly (readonly [number, number])[];
  /** The output's dtype for these inputs. */
  readonly dtypes?: Partial<Record<DType, DType>>;
  /** Exact gradients (for dy = 1) at kinks and specials. */
  readonly gradients?: readonly (readonly [number, number])[];
}

/** Values in both precisions, specials, dtypes, an empty tensor and gradients of an elementwise op of one input. */
export function testUnary(rule: UnaryCase): void {
  beforeAll(() => {
    installReferenceEngine();
  });
  describe(rule.op.name, () => {
    testUnaryValues(rule);
    testUnarySpecs(rule);
    if (rule.op.grad !== undefined) testUnaryGradients(rule);
  });
}

function testUnaryValues({ op, apply, ref, samples, exact }: UnaryCase): void {
  it.each(FLOATS)("agrees with its reference in %s", (dtype) => {
    const x = tensor(samples, { dtype });
    const got = apply(x).dataSync();
    x.dataSync().forEach((value: number, i: number) => {
      expectNear(got[i], ref(value), TOLERANCE[dtype], `${op.name}(${value}) = ${got[i]}`);
    });
  });

  it.each(FLOATS)("is exact at its special values in %s", (dtype) => {
    const inputs = exact.map(([x]) => x);
    expect([...apply(tensor(inputs, { dtype })).dataSync()]).toEqual(exact.map(([, y]) => y));
  });
}

function testUnarySpecs({ apply, samples, dtypes = {} }: UnaryCase): void {
  it("keeps the shape, of scalars and empty tensors too", () => {
    for (const shape of [[], [0], [2, 0, 3], [1, 2]]) {
      const size = shape.reduce((a, b) => a * b, 1);
      expect(apply(tensor(new Float32Array(size).fill(samples[0]), { shape })).shape).toEqual(shape);
    }
  });

  for (const [from, to] of Object.entries(dtypes)) {
    it(`of ${from} gives ${to}`, () => {
      expect(apply(tensor([1], { dtype: from as DType })).dtype).toBe(to);
    });
  }
}

function testUnaryGradients({ op, samples, gradients = [] }: UnaryCase): void {
  it("has the derivative that difference quotients show", () => {
    expectGradients(op, [samples]);
  });

  it("has its gradient at kinks and specials", () => {
    const xs = gradients.map(([x]) => x);
    const dys = xs.map(() => 1);
    expect(gradientsAt(op, [xs], dys)[0]).toEqual(gradients.map(([, dx]) => dx));
  });
}

interface BinaryCase {
  readonly op: Op;
  readonly apply: (a: Tensor | number, b: Tensor | number) => Tensor;
  readonly ref: (a: number, b: number) => number;
  readonly samples: readonly (readonly [number, number])[];
  readonly exact: readonly (readonly [number, number, number])[];
  /** Inputs and the results: [dtype, dtype, dtype of the result]. */
  readonly dtypes: readonly (readonly [DType, DType, DType])[];
  /** a, b and the exact gradients (for dy = 1) of both. */
  readonly gradients?: readonly (readonly [number, number, number, number])[];
}

/** As testUnary, of two inputs; broadcasting and JavaScript numbers too. */
export function testBinary(rule: BinaryCase): void {
  beforeAll(() => {
    installReferenceEngine();
  });
  describe(rule.op.name, () => {
    testBinaryValues(rule);
    testBinaryOperands(rule);
    if (rule.op.grad !== undefined) testBinaryGradients(rule);
  });
}

function testBinaryValues({ op, apply, ref, samples, exact }: BinaryCase): void {
  it.each(FLOATS)("agrees with its reference in %s", (dtype) => {
    const a = tensor(column(samples, 0), { dtype });
    const b = tensor(column(samples, 1), { dtype });
    const [x, y, got] = [a, b, apply(a, b)].map((t) => t.dataSync());
    x.forEach((value: number, i: number) => {
      expectNear(got[i], ref(value, y[i]), TOLERANCE[dtype], `${op.name}(${value}, ${y[i]}) = ${got[i]}`);
    });
  });

  it.each(FLOATS)("is exact at its special values in %s", (dtype) => {
    const got = apply(tensor(column(exact, 0), { dtype }), tensor(column(exact, 1), { dtype }));
    expect([...got.dataSync()]).toEqual(column(exact, 2));
  });
}

function testBinaryOperands({ op, apply, ref, samples, dtypes }: BinaryCase): void {
  it("broadcasts", () => {
    const firsts = column(samples, 0).slice(0, 2);
    const seconds = column(samples, 1).slice(0, 2);
    const got = apply(tensor(firsts, { shape: [2, 1], dtype: "float64" }), tensor(seconds, { dtype: "float64" }));
    expect(got.shape).toEqual([2, 2]);
    const want = firsts.flatMap((a) => seconds.map((b) => ref(a, b)));
    want.forEach((value, i) => {
      expectNear(got.dataSync()[i], value, TOLERANCE.float64, `[${i}]`);
    });
  });

  it("takes a JavaScript number on either side", () => {
    const [a, b] = samples[0];
    const x = tensor([a], { dtype: "float64" });
    const y = tensor([b], { dtype: "float64" });
    for (const got of [apply(x, b), apply(a, y)]) {
      expect(got.shape).toEqual([1]);
      expectNear(Number(got.dataSync()[0]), ref(a, b), TOLERANCE.float64, op.name);
    }
  });

  it("gives empty for empty", () => {
    expect(apply(tensor([], { shape: [0, 2] }), tensor([[1, 1]])).shape).toEqual([0, 2]);
  });

  it.each(dtypes)("of %s and %s gives %s", (a, b, y) => {
    expect(apply(tensor([1], { dtype: a }), tensor([1], { dtype: b })).dtype).toBe(y);
  });
}

function testBinaryGradients({ op, samples, gradients = [] }: BinaryCase): void {
  it("has the derivatives that difference quotients show", () => {
    expectGradients(op, [column(samples, 0), column(samples, 1)]);
  });

  it("has its gradients at kinks and specials", () => {
    const dys = gradients.map(() => 1);
    const got = gradientsAt(op, [column(gradients, 0), column(gradients, 1)], dys);
    expect(got).toEqual([column(gradients, 2), column(gradients, 3)]);
  });
}

function column(rows: readonly (readonly number[])[], at: number): number[] {
  return rows.map((row) => row[at]);
}

/** The gradients of the inputs for these dy, in float64. */
export function gradientsAt(op: Op, inputs: readonly (readonly number[])[], dys: readonly number[]): number[][] {
  const xs = inputs.map((values) => tensor(values, { dtype: "float64" }));
  const outputs = [applyOp(op, xs)];
  const dy = tensor(dys, { dtype: "float64" });
  const grads = opGradient(op, [dy], { inputs: xs, outputs, attrs: {} });
  return grads.map((dx) => {
    expect(dx?.dtype).toBe("float64");
    return [...(dx as Tensor).dataSync()];
  });
}

/** Each input's gradient against a central difference, for dy that differ from 1. */
export function expectGradients(op: Op, inputs: readonly (readonly number[])[]): void {
  const dys = inputs[0].map((_, i) => 0.5 + (i % 3));
  const got = gradientsAt(op, inputs, dys);
  inputs.forEach((values, k) => {
    const at = (by: number): number[] => {
      const moved = inputs.map((v, j) =>
        tensor(
          v.map((x) => (j === k ? x + by : x)),
          { dtype: "float64" },
        ),
      );
      return [...applyOp(op, moved).dataSync()];
    };
    const [up, down] = [at(STEP), at(-STEP)];
    values.forEach((x, i) => {
      const slope = (dys[i] * (up[i] - down[i])) / (2 * STEP);
      expectNear(got[k][i], slope, GRADIENT_TOLERANCE, `d${op.name} at ${x} (input ${k})`);
    });
  });
}
