import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectNear, expectSameBits, valuesOf } from "../../../test/support/compare.ts";
import { FAST_ENGINES, REFERENCE, type TestEngine } from "../../../test/support/engines.ts";
import { compile } from "../../engine/compile.ts";
import { valueAndGrad } from "../../engine/gradients.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { conv, maxPool, mul, relu, sum, tensor, windowArgMax } from "../../ops/index.ts";

type Given = Record<"x" | "kernel" | "window" | "strides", readonly number[]> & {
  readonly filters: number;
  readonly options?: { readonly groups?: number; readonly strides?: number; readonly padding?: "same" };
  readonly bias?: boolean;
  readonly clipped?: boolean;
};

const FINITE = [0, -0, 1, -1, 0.5, -0.25, 2, 0.3];
const SPECIAL = [0, -0, 1, Number.NaN, -1, Infinity, 0.5, -Infinity];

/** Few values, zeros of both signs among them: windows have ties. */
function few(shape: readonly number[], seed: number, values: readonly number[] = FINITE): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length: size }, (_, i) => values[(((i + seed) * 7919) >> (i % 5)) % 8] as number);
  return tensor(data, { shape });
}

function operands(
  { x, kernel, filters, bias, options: { groups = 1 } = {} }: Given,
  values?: readonly number[],
): Tensor[] {
  const channels = (x.at(-1) as number) / groups;
  const own = [few(x, 1, values), few([...kernel, channels, filters], 2)];
  return bias ? [...own, few([filters], 3)] : own;
}

const convolved = ({ options }: Given, [x, w, bias]: readonly Tensor[]): Tensor =>
  conv(x as Tensor, w as Tensor, { ...options, ...(bias ? { bias } : {}) }) as Tensor;

const pooled = ({ window, strides, clipped }: Given, z: Tensor): Tensor => {
  const y = maxPool(z, window, { strides }) as Tensor;
  return clipped ? relu(y) : y;
};

/** The maxima and their places by one program, which need not keep z, and by one op after the other. */
function check(engine: TestEngine, given: Given, values?: readonly number[]): void {
  engine.use(() => {
    const xs = operands(given, values);
    const { window, strides } = given;
    const ends = (z: Tensor): Tensor[] => [pooled(given, z), windowArgMax(z, window, { strides }) as Tensor];
    const z = convolved(given, xs);
    z.dataSync();
    const want = ends(z).map(valuesOf);
    const both = compile((...ys: Tensor[]) => ends(convolved(given, ys)))(...xs).map(valuesOf);
    const alone = valuesOf(compile((...ys: Tensor[]) => pooled(given, convolved(given, ys)))(...xs) as Tensor);
    for (const got of [both[0], alone])
      expectSameBits(got as never, want[0] as never, `maxima, ${JSON.stringify(given)}`);
    expectSameBits(both[1] as never, want[1] as never, `places, ${JSON.stringify(given)}`);
  });
}

const CASES: Readonly<Record<string, Given>> = {
  "windows of four": { x: [2, 10, 8, 3], kernel: [3, 3], filters: 5, window: [2, 2], strides: [2, 2], bias: true, clipped: true },
  "wide panels and narrow ones": { x: [1, 6, 6, 2], kernel: [3, 3], filters: 29, window: [2, 2], strides: [2, 2], clipped: true },
  "signs of zeros": { x: [2, 8, 8, 1], kernel: [1, 1], filters: 18, window: [2, 2], strides: [2, 2] },
  "windows of several tiles": { x: [1, 10, 10, 2], kernel: [3, 3], filters: 20, window: [4, 4], strides: [4, 4], bias: true },
  "windows filled up": { x: [2, 11, 11, 1], kernel: [3, 3], filters: 19, window: [3, 3], strides: [3, 3], clipped: true },
  "rows, pairs, groups": { x: [2, 17, 4], kernel: [2], filters: 6, window: [2], strides: [2], options: { groups: 2 } },
  "strides beyond the window": { x: [1, 12, 9, 1], kernel: [2, 3], filters: 3, window: [2, 1], strides: [3, 2], bias: true },
  "a convolution that strides and pads": { x: [2, 9, 9, 2], kernel: [3, 3], filters: 7, window: [2, 2], strides: [2, 2], options: { strides: 2, padding: "same" }, clipped: true },
}; // biome-ignore format: a table

describe.each(FAST_ENGINES)("$name: convolutions that pool give the bits of one op after the other", (engine) => {
  it.each(Object.entries(CASES))("%s", (_, given) => check(engine, given));

  it("NaN and infinities", () => {
    for (const given of Object.values(CASES)) check(engine, given, SPECIAL);
  });

  it("any shape", () => {
    const axis = fc.record({ kernel: fc.integer({ min: 1, max: 3 }), window: fc.integer({ min: 1, max: 4 }) });
    const shape = fc.record({
      axes: fc.array(axis, { minLength: 1, maxLength: 2 }),
      counts: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      more: fc.integer({ min: 0, max: 2 }),
      images: fc.integer({ min: 1, max: 2 }),
      channels: fc.integer({ min: 1, max: 3 }),
      filters: fc.integer({ min: 1, max: 36 }),
      bias: fc.boolean(),
      clipped: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, ({ axes, counts, more, images, channels, ...rest }) => {
        const space = axes.map(
          ({ kernel, window }, i) => kernel - 1 + (counts[i] as number) * window + (more % window),
        );
        const window = axes.map((a) => a.window);
        check(engine, {
          x: [images, ...space, channels],
          kernel: axes.map((a) => a.kernel),
          window,
          strides: window,
          ...rest,
        });
      }),
      { numRuns: 40 },
    );
  });

  it("and learn as the reference does, also where no window covers the last places", () => {
    const given = { ...CASES["windows of four"], x: [2, 11, 9, 3] } as Given;
    const learn = (own: TestEngine) =>
      own.use(() => {
        const loss = (...xs: Tensor[]): Tensor => {
          const y = pooled(given, convolved(given, xs));
          return sum(mul(y, few(y.shape, 4))) as Tensor;
        };
        const step = compile((...xs: Tensor[]) => [...valueAndGrad(loss)(...xs).gradients] as Tensor[]);
        return step(...operands(given)).map(valuesOf);
      });
    const want = learn(REFERENCE);
    learn(engine).forEach((got, i) => {
      expectNear(got, want[i] as never, 1e-5, `gradient ${i}`, 10);
    });
    expect(want).toHaveLength(3);
  });
});
