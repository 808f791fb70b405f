import { describe, expect, it } from "vitest";
import type { DType } from "../../src/core/dtype.ts";
import { compile } from "../../src/engine/compile.ts";
import { grad, valueAndGrad } from "../../src/engine/gradients.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import type { Variable } from "../../src/graph/variable.ts";
import type { CallContext, Layer, LayerOptions } from "../../src/layers/layer.ts";
import { layerFromConfig } from "../../src/layers/layer-from-config.ts";
import { add } from "../../src/ops/add.ts";
import { castTo } from "../../src/ops/cast.ts";
import { mul } from "../../src/ops/mul.ts";
import { sum } from "../../src/ops/sum.ts";
import { expectNear, valuesOf } from "../support/compare.ts";
import { ENGINES, REFERENCE } from "../support/engines.ts";
import { sample } from "../support/expect-gradients.ts";
import { GRADIENT_TOLERANCE, TOLERANCES } from "../support/tolerances.ts";

interface LayerRule {
  readonly name: string;
  /** A new layer each time. */
  readonly make: (options: LayerOptions) => Layer;
  /** Shapes that come in and go out, with a batch of 3. */
  readonly shapes: readonly (readonly [readonly number[], readonly number[]])[];
  /** For the first shape: those of the weights. */
  readonly weights: readonly (readonly number[])[];
  /** What a training call is given. */
  readonly training?: () => Partial<CallContext>;
}

/** Shapes as said, on every engine, eager and compiled; gradients by differences; the ways out and back. */
export function testLayer(rule: LayerRule): void {
  describe(rule.name, () => {
    testShapes(rule);
    describe.each(ENGINES)("on $name", ({ backend, use }) => {
      it.each(["float32", "float64"] as const)("gives the reference's values, eager and compiled: %s", (dtype) => {
        for (const [shape] of rule.shapes) {
          for (const ctx of contexts(rule)) {
            const want = REFERENCE.use(() => valuesOf(output(rule, shape, dtype, ctx)));
            use(() => {
              const tolerance = TOLERANCES[backend][dtype];
              expectNear(valuesOf(output(rule, shape, dtype, ctx)), want, tolerance, "eager");
              expectNear(valuesOf(output(rule, shape, dtype, ctx, true)), want, tolerance, "compiled");
            });
          }
        }
      });
    });
    testGradients(rule);
    testWaysOut(rule);
  });
}

function contexts({ training }: LayerRule): readonly (() => Partial<CallContext>)[] {
  return [() => ({}), ...(training === undefined ? [] : [training])];
}

/** Builds on the engine that is current; the same key makes the same weights. */
function built(rule: LayerRule, shape: readonly number[], dtype: DType): Layer {
  const layer = rule.make({ dtype });
  layer.ensureBuilt(shape, [1, 2]);
  return layer;
}

function output(
  rule: LayerRule,
  shape: readonly number[],
  dtype: DType,
  ctx: () => Partial<CallContext>,
  once = false,
): Tensor {
  const layer = built(rule, shape, dtype);
  const x = castTo(sample(shape, 3), dtype);
  const run = (input: Tensor): Tensor => layer.apply(input, ctx());
  return once ? compile(run)(x) : run(x);
}

function testShapes(rule: LayerRule): void {
  it.each(rule.shapes)("takes %j to %j, and knows it before", (from, to) => {
    REFERENCE.use(() => {
      const layer = rule.make({});
      expect(layer.built).toBe(false);
      expect(layer.computeOutputShape([null, ...from.slice(1)])).toEqual([null, ...to.slice(1)]);
      expect(layer.computeOutputShape(from)).toEqual(to);
      const y = layer.apply(castTo(sample(from), "float32"));
      expect([[...y.shape], y.dtype, layer.built]).toEqual([to, "float32", true]);
    });
  });

  it("has the weights it says", () => {
    REFERENCE.use(() => {
      const layer = built(rule, rule.shapes[0][0], "float32");
      expect(layer.variables.map((v) => v.shape)).toEqual(rule.weights);
      expect(layer.countParams()).toBe(
        rule.weights.reduce((total, shape) => total + shape.reduce((a, b) => a * b, 1), 0),
      );
      expect(layer.trainableVariables.length).toBeLessThanOrEqual(layer.variables.length);
      layer.trainable = false;
      expect(layer.trainableVariables).toEqual([]);
    });
  });
}

/** Gradients of the input and of every weight, along one direction each. */
function testGradients(rule: LayerRule): void {
  it.each(contexts(rule).map((ctx, i) => ({ ctx, training: i === 1 })))(
    "has the gradients that differences show: training $training",
    ({ ctx }) => {
      REFERENCE.use(() => {
        const [from, to] = rule.shapes[0];
        const layer = built(rule, from, "float64");
        const x = sample(from, 3);
        const weights = sample(to, 4);
        const f = (input: Tensor): Tensor => sum(mul(layer.apply(input, ctx()), weights));
        const direction = sample(from, 5);
        const along = (t: number): number => Number(f(add(x, mul(direction, t))));
        expectSlope(along, Number(sum(mul(grad(f)(x), direction))), "the input");
        const { gradients } = valueAndGrad(() => f(x), layer.variables);
        layer.variables.forEach((variable, i) => {
          expectVariableSlope(variable, gradients[i], () => Number(f(x)));
        });
      });
    },
  );
}

function expectVariableSlope(variable: Variable, gradient: Tensor, value: () => number): void {
  const before = variable.read();
  const direction = sample(variable.shape, 6);
  const along = (t: number): number => {
    variable.assign(add(before, mul(direction, t)));
    return value();
  };
  expectSlope(along, Number(sum(mul(gradient, direction))), variable.name);
  variable.assign(before);
}

function expectSlope(along: (t: number) => number, slope: number, what: string): void {
  const step = 1e-5;
  const want = (along(step) - along(-step)) / (2 * step);
  expect(Math.abs(slope - want), `${what}: ${slope} against ${want}`).toBeLessThan(
    GRADIENT_TOLERANCE * Math.max(1, Math.abs(want)),
  );
}

function testWaysOut(rule: LayerRule): void {
  it("is made again from its configuration", () => {
    const layer = rule.make({ name: "chosen", trainable: false });
    const again = layerFromConfig(JSON.parse(JSON.stringify(layer.config)));
    expect(again.constructor).toBe(layer.constructor);
    expect(again.config).toEqual(layer.config);
    expect([again.name, again.hasOwnName, rule.make({}).hasOwnName]).toEqual(["chosen", true, false]);
  });

  it("gives its weights and takes them back", () => {
    REFERENCE.use(() => {
      const [shape] = rule.shapes[0];
      const layer = built(rule, shape, "float32");
      const other = rule.make({});
      other.ensureBuilt(shape, [3, 4]);
      other.setWeights(layer.getWeights());
      const x = castTo(sample(shape), "float32");
      expect(other.apply(x).dataSync()).toEqual(layer.apply(x).dataSync());
      other.setWeights(layer.getWeights().map((w) => w.dataSync()));
      expect(other.apply(x).dataSync()).toEqual(layer.apply(x).dataSync());
    });
  });
}
