import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { mul } from "../../src/ops/mul.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { getOptimizer } from "../../src/optimizers/get-optimizer.ts";
import type { Optimizer, OptimizerState } from "../../src/optimizers/optimizer.ts";
import { ENGINES } from "../support/engines.ts";
import { expectValues } from "../support/expect-values.ts";
import { type Listed, readGolden, tensorOf } from "../support/golden.ts";
import { KERAS_TOLERANCES } from "../support/tolerances.ts";

interface OptimizerCase {
  readonly optimizer: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The parameters after each step. */
  readonly trajectory: readonly (readonly Listed[])[];
  /** What Keras remembers in the end, in its own order. */
  readonly state: readonly Listed[];
}

interface Inputs {
  readonly start: readonly Listed[];
  readonly grads: readonly (readonly Listed[])[];
}

const golden = readGolden<OptimizerCase | Inputs>("keras-optimizers");
const { start, grads } = golden.cases.find((each) => "start" in each) as Inputs;

interface OptimizerRule<O> {
  readonly name: string;
  readonly make: (options: O) => Optimizer;
  /** Options whose configuration is tried. */
  readonly variants: readonly O[];
}

interface Parameters {
  readonly params: readonly Tensor[];
  readonly states: readonly OptimizerState[];
}

/** Keras's 20 steps on every engine, each step one program; dtypes and shapes; the way through a configuration. */
export function testOptimizer<O extends object>({ name, make, variants }: OptimizerRule<O>): void {
  describe(name, () => {
    const cases = golden.cases.filter((each) => "optimizer" in each && each.optimizer === name) as OptimizerCase[];
    it("has goldens", () => {
      expect(cases.length).toBeGreaterThan(3);
    });

    describe.each(ENGINES)("on $name", ({ use }) => {
      it.each(cases)(`follows Keras ${golden.versions["keras"]} for ${grads.length} steps: $options`, (each) => {
        use(() => {
          followsKeras(make(each.options as O), each);
        });
      });
    });

    it.each(variants)("keeps shapes and dtypes, and takes a step without gradients: %j", (variant) => {
      ENGINES[0].use(() => {
        for (const dtype of ["float32", "float64"] as const) keepsSpecs(make(variant), dtype);
      });
    });

    it.each(variants)("is made again from its configuration: %j", (variant) => {
      const optimizer = make(variant);
      const again = getOptimizer(JSON.parse(JSON.stringify(optimizer.config)));
      expect([again.name, again.config]).toEqual([optimizer.name, optimizer.config]);
    });
  });
}

/** One step of all parameters. */
function stepOf(
  optimizer: Optimizer,
  { params, states }: Parameters,
  gs: readonly Tensor[],
  lr: Tensor,
  t: Tensor,
): Parameters {
  const clipped = optimizer.clip(gs);
  const ctx = { learningRate: lr, step: t };
  const updates = params.map((w, i) => optimizer.update(clipped[i], optimizer.decay(w, ctx), states[i], ctx));
  return { params: updates.map((u) => u.param), states: updates.map((u) => u.state) };
}

function followsKeras(optimizer: Optimizer, { trajectory, state }: OptimizerCase): void {
  const params = start.map((w) => tensorOf(w));
  let now: Parameters = { params, states: params.map((w) => optimizer.init(w)) };
  const lr = tensor(optimizer.learningRate);
  const step = compile((before: Parameters, gs: readonly Tensor[], t: Tensor) => stepOf(optimizer, before, gs, lr, t));
  trajectory.forEach((want, i) => {
    const gs = grads[i].map((g) => tensorOf(g));
    now = step(now, gs, tensor(i + 1, { dtype: "int32" }));
    want.forEach((w, k) => {
      expectValues(now.params[k], w, KERAS_TOLERANCES.trajectory, `parameter ${k} after step ${i + 1}`);
    });
  });
  // Keras lists its state by parameter or by kind; either way the same arrays are there.
  const got = now.states.flatMap((each) => Object.values(each));
  expect(got.length).toBe(state.length);
  for (const each of state) {
    expect(
      got.some((x) => x.shape.length === each.shape.length && near(x, each)),
      "a state of Keras's",
    ).toBe(true);
  }
}

function near(got: Tensor, want: Listed): boolean {
  try {
    expectValues(got, want, KERAS_TOLERANCES.trajectory, "state");
    return true;
  } catch {
    return false;
  }
}

function keepsSpecs(optimizer: Optimizer, dtype: "float32" | "float64"): void {
  const w = tensor([[1, -2, 3]], { dtype });
  const before = optimizer.init(w);
  for (const each of Object.values(before)) {
    expect([each.shape, each.dtype]).toEqual([[1, 3], dtype]);
    expect([...each.dataSync()]).toEqual([0, 0, 0]);
  }
  const ctx = { learningRate: tensor(0.1, { dtype }), step: tensor(1, { dtype: "int32" }) };
  const { param, state } = optimizer.update(mul(w, 0), w, before, ctx);
  expect([param.shape, param.dtype, [...param.dataSync()]]).toEqual([[1, 3], dtype, [1, -2, 3]]);
  expect(Object.keys(state)).toEqual(Object.keys(before));
  for (const each of Object.values(state)) expect([each.shape, each.dtype]).toEqual([[1, 3], dtype]);
}
