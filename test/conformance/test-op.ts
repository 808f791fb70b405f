import { describe, expect, it } from "vitest";
import { type DType, isFloat } from "../../src/core/dtype.ts";
import { compile } from "../../src/engine/compile.ts";
import { valueAndGrad } from "../../src/engine/gradients.ts";
import type { Nested, Tensor } from "../../src/graph/tensor.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { expectNear, expectSameBits, isNear, type Values, valuesOf } from "../support/compare.ts";
import { ENGINES, FAST_ENGINES, REFERENCE, type TestEngine } from "../support/engines.ts";
import { TOLERANCES } from "../support/tolerances.ts";
import { elementwiseRuns } from "./elementwise-runs.ts";
import { expectDirections, weighted } from "./expect-directions.ts";
import { noteRun, noteTwice } from "./op-evidence.ts";
import { waves } from "./waves.ts";

export type Apply = (...xs: Tensor[]) => Tensor | readonly Tensor[];

/** A call with its result, worked out by hand or by a peer. */
export interface Example {
  readonly given: readonly Nested[];
  readonly dtype?: DType;
  readonly apply: Apply;
  readonly want: Nested;
  /** float32 unless given. */
  readonly gives?: DType;
}

/** A call on inputs of these shapes, and the shape of its (first) result. */
export interface Shaped {
  /** Whether its gradients are checked too; they are unless said. */
  readonly smooth?: boolean;
  /** The step of the differences that its gradients are compared with, where another than the usual is right. */
  readonly step?: number;
  readonly shapes: readonly (readonly number[])[];
  readonly apply: Apply;
  readonly gives: readonly number[];
}

export interface OpTest {
  /** For elementwise ops: one element in float64, and arguments where it is smooth. */
  readonly ref?: (...xs: number[]) => number;
  readonly samples?: readonly (readonly number[])[];
  readonly apply?: Apply;
  /** The interval that inputs are taken from. */
  readonly domain?: readonly [number, number];
  /** The dtypes it takes: floats unless said. */
  readonly dtypes?: readonly DType[];
  /** The greatest finite value that it is meant for, where that is not all of them. */
  readonly within?: number;
  /** How far the backends may differ, in multiples of the usual tolerance, and why. */
  readonly looser?: readonly [times: number, why: string];
  readonly examples?: readonly Example[];
  readonly shaped?: readonly Shaped[];
  /** Whether its gradient is checked; a text says why it has none. */
  readonly gradient: true | string;
}

/** Calls on inputs, to be run by every engine. */
export interface Runs {
  readonly inputs: readonly Tensor[];
  readonly apply: (xs: readonly Tensor[]) => readonly Tensor[];
  /** What each result is, and its shape where it is known. */
  readonly labels: readonly { readonly what: string; readonly shape?: readonly number[] }[];
}

export const FLOATS: readonly DType[] = ["float32", "float64"];

/** Each backend once. */
const ONE_OF_EACH = ENGINES.filter(({ backend }, i) => ENGINES.findIndex((e) => e.backend === backend) === i);

export const listOf = (result: Tensor | readonly Tensor[]): readonly Tensor[] =>
  (Array.isArray(result) ? result : [result]) as readonly Tensor[];

/** Everything a public op must stand, on every backend and heap. */
export function testOp(name: string, options: OpTest): void {
  const { dtypes = FLOATS, examples = [], gradient } = options;
  describe(name, () => {
    if (options.ref !== undefined)
      it.each(dtypes)("gives what its reference gives on %s", (dtype) => expectReference(name, options, dtype));
    for (const [i, example] of examples.entries())
      it(`gives the result of example ${i}`, () => expectExample(name, example));
    it.each(dtypes)("gives the same on every backend and heap, eager and compiled, of %s", (dtype) => {
      for (const runs of runsOf(name, options, dtype))
        expectSameEverywhere(name, runs, dtype, options.looser?.[0] ?? 1);
    });
    if (gradient !== true) return;
    it.each(ONE_OF_EACH)("has the gradients that differences show, to order 2, on $name", ({ backend, use }) => {
      for (const { inputs, apply, step } of smoothRuns(options, "float64")) {
        use(() => expectDirections(apply, inputs, name, step));
        noteTwice(inputs, (xs) => listOf(apply(...xs)), backend);
      }
    });
    it.each(FLOATS)("has the same gradients on every backend and heap, of %s", (dtype) => {
      for (const { inputs, apply } of smoothRuns(options, dtype))
        expectSameGradients(name, apply, inputs, dtype, options.looser?.[0] ?? 1);
    });
  });
}

/** Calls on inputs of this dtype, extreme ones among them. */
export function runsOf(name: string, options: OpTest, dtype: DType): Runs[] {
  const { apply, samples, domain = [-2, 2], shaped = [], within } = options;
  const runs = shaped.map((one, i): Runs => {
    const inputs = one.shapes.map((shape, k) => waves(shape, dtype, k, domain));
    const call = (xs: readonly Tensor[]) => listOf(one.apply(...xs));
    return { inputs, apply: call, labels: [{ what: `${name}, case ${i}`, shape: one.gives }] };
  });
  const arity = samples?.[0]?.length ?? 0;
  if (apply !== undefined && arity > 0) runs.push(elementwiseRuns({ name, apply, arity, dtype, domain, within }));
  return runs;
}

export interface SmoothRun {
  readonly inputs: Tensor[];
  readonly apply: Apply;
  readonly step?: number | undefined;
}

/** What gradients are checked on: no kinks. */
export function smoothRuns({ apply, samples = [], shaped = [], domain = [-2, 2] }: OpTest, dtype: DType): SmoothRun[] {
  const runs = shaped
    .filter(({ smooth }) => smooth !== false)
    .map(
      (one): SmoothRun => ({
        step: one.step,
        inputs: one.shapes.map((shape, k) => waves(shape, dtype, k, domain)),
        apply: one.apply,
      }),
    );
  if (apply === undefined || samples.length === 0) return runs;
  const columns = (samples[0] as readonly number[]).map((_, k) =>
    tensor(
      samples.map((row) => row[k] as number),
      { dtype },
    ),
  );
  const stretched = columns.map((x, k) => (k === 0 ? x.reshape([x.size, 1]) : x.slice([0, 2])));
  return [...runs, { inputs: columns, apply }, ...(columns.length > 1 ? [{ inputs: stretched, apply }] : [])];
}

function expectReference(name: string, { apply, ref, samples = [] }: OpTest, dtype: DType): void {
  const columns = (samples[0] as readonly number[]).map((_, k) => samples.map((row) => row[k] as number));
  for (const engine of ENGINES) {
    engine.use(() => {
      const inputs = columns.map((column) => tensor(column, { dtype: "float64" }).cast(dtype));
      const [y] = listOf(apply?.(...inputs) ?? []) as [Tensor];
      const given = inputs.map((x) => [...x.dataSync()] as number[]);
      const want = samples.map((_, i) => Number(ref?.(...given.map((column) => column[i] as number))));
      // Ints wrap; a float64 of that size says how.
      const wrapped = tensor(want, { dtype: "float64" }).cast("int32").cast(y.dtype);
      const exact: number[] = isFloat(y.dtype as DType) ? want : [...wrapped.dataSync()];
      const tolerance = TOLERANCES[engine.backend][y.dtype as DType];
      exact.forEach((value: number, i: number) => {
        const got = y.dataSync()[i] as number;
        const what = `${name}(${given.map((column) => column[i]).join(", ")}) on ${engine.name} is ${got}, expected ${value}`;
        expect(isNear(got, value, tolerance), what).toBe(true);
      });
    });
  }
}

function expectExample(name: string, { given, dtype, apply, want, gives = "float32" }: Example): void {
  const inputs = given.map((x) =>
    dtype === undefined ? tensor(x as number[]) : tensor(x as number[], { dtype }),
  ) as Tensor[];
  for (const engine of ENGINES) {
    engine.use(() => {
      const [y] = listOf(apply(...inputs)) as [Tensor];
      expect(y.dtype, name).toBe(gives);
      const tolerance = TOLERANCES[engine.backend][gives];
      const expected = tensor(want as number[], { dtype: gives, shape: y.shape });
      expect(shapeOf(want), `${name}: shape`).toEqual([...y.shape]);
      expectNear(valuesOf(y), valuesOf(expected), tolerance, `${name} on ${engine.name}`);
    });
  }
}

function shapeOf(nested: Nested): number[] {
  return Array.isArray(nested) ? [nested.length, ...(nested.length === 0 ? [] : shapeOf(nested[0] as Nested))] : [];
}

function expectSameEverywhere(name: string, { inputs, apply, labels }: Runs, dtype: DType, times: number): void {
  const eager = (engine: TestEngine): Values[] => engine.use(() => apply(inputs).map(valuesOf));
  const want = eager(REFERENCE);
  want.forEach(({ shape, values }, i) => {
    const { what, shape: known } = labels[i] ?? { what: `result ${i}` };
    expect(values.length, what).toBe(shape.reduce((a, b) => a * b, 1));
    if (known !== undefined) expect(shape, `${what}: inferred shape`).toEqual(known);
  });
  for (const engine of ENGINES) {
    const first = engine === REFERENCE ? want : eager(engine);
    const whole = engine.use(() => compile((...xs: Tensor[]) => [...apply(xs)])(...inputs).map(valuesOf));
    first.forEach((got, i) => {
      const what = `${labels[i]?.what ?? `result ${i}`} of ${dtype} on ${engine.name}`;
      expectNear(got, want[i] as Values, times * TOLERANCES[engine.backend][got.dtype as DType], what);
      expectSameBits(whole[i] as Values, got, `${what}, compiled`);
    });
  }
  noteRun(
    name,
    inputs,
    apply,
    ENGINES.map(({ backend }) => backend),
  );
}

function expectSameGradients(name: string, apply: Apply, inputs: readonly Tensor[], dtype: DType, times: number): void {
  const f = weighted(apply);
  const gradients = (engine: TestEngine): Values[] =>
    engine.use(() => valueAndGrad(f)(...inputs).gradients.flatMap((dx) => (dx === null ? [] : [valuesOf(dx)])));
  const want = gradients(REFERENCE);
  for (const engine of FAST_ENGINES) {
    const scale = Math.max(1, ...want.flatMap(({ values }) => [...values].map(Math.abs)));
    gradients(engine).forEach((dx, i) => {
      expectNear(
        dx,
        want[i] as Values,
        10 * times * TOLERANCES.wasm[dtype],
        `gradient ${i} of ${name} on ${engine.name}`,
        scale,
      );
    });
  }
}
