import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { getMetric } from "../../src/metrics/get-metric.ts";
import type { Metric, MetricState } from "../../src/metrics/metric.ts";
import { ENGINES } from "../support/engines.ts";
import { type Listed, readGolden, tensorOf } from "../support/golden.ts";
import { KERAS_TOLERANCES } from "../support/tolerances.ts";

interface MetricCase {
  readonly metric: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly batches: readonly { readonly yTrue: Listed; readonly yPred: Listed; readonly weight: Listed | null }[];
  /** After each batch. */
  readonly results: readonly number[];
}

const golden = readGolden<MetricCase>("keras-metrics");

interface MetricRule<O> {
  readonly name: string;
  readonly make: (options: O) => Metric;
  /** Options whose configuration is tried. */
  readonly variants: readonly O[];
}

/** Keras's results on every engine, eager and compiled; float64 states; the way through a configuration. */
export function testMetric<O extends object>({ name, make, variants }: MetricRule<O>): void {
  describe(name, () => {
    const cases = golden.cases.filter((each) => each.metric === name);
    it("has goldens", () => {
      expect(cases.length).toBeGreaterThan(1);
    });

    describe.each(ENGINES)("on $name", ({ use }) => {
      it.each(cases.map((each, i) => ({ ...each, i })))(
        `agrees with Keras ${golden.versions["keras"]}: $i $options`,
        (each) => {
          use(() => {
            agreesWithKeras(make(each.options as O), each);
          });
        },
      );
    });

    it("has float64 scalars for a state, and is 0 before the first sample", () => {
      ENGINES[0].use(() => {
        const metric = make({} as O);
        for (const value of Object.values(metric.init())) expect([value.shape, value.dtype]).toEqual([[], "float64"]);
        expect(metric.result(metric.init()).dataSync()[0]).toBe(0);
        expect(metric.result(metric.init()).dtype).toBe("float64");
      });
    });

    it.each(variants)("is made again from its configuration: %j", (variant) => {
      const metric = make(variant);
      const again = getMetric(JSON.parse(JSON.stringify(metric.config)), { outputShape: [], targetShape: [] });
      expect([again.name, again.config]).toEqual([metric.name, metric.config]);
    });
  });
}

function agreesWithKeras(metric: Metric, { batches, results }: MetricCase): void {
  const step = compile((state: MetricState, y: Tensor, p: Tensor, w: Tensor | null) => metric.update(state, y, p, w));
  let [eager, compiled] = [metric.init(), metric.init()];
  batches.forEach(({ yTrue, yPred, weight }, i) => {
    const args = [tensorOf(yTrue), tensorOf(yPred), weight === null ? null : tensorOf(weight)] as const;
    eager = metric.update(eager, ...args);
    compiled = step(compiled, ...args);
    const result = metric.result(eager).dataSync()[0];
    expect(result).toBeCloseTo(results[i], -Math.log10(KERAS_TOLERANCES.value));
    expect(metric.result(compiled).dataSync()[0]).toBeCloseTo(result, 12);
  });
}
