import { afterEach, describe, expect, it, vi } from "vitest";
import { ValueError } from "../../src/core/errors.ts";
import { compile } from "../../src/engine/compile.ts";
import "../../src/engine/eager.ts";
import { describeEngine } from "../../src/engine/describe.ts";
import { Engine, type EngineOptions, withEngine } from "../../src/engine/engine.ts";
import { scan } from "../../src/engine/loops.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { Variable } from "../../src/graph/variable.ts";
import * as layers from "../../src/layers/index.ts";
import { sequential } from "../../src/models/sequential.ts";
import { ops } from "../../src/ops/index.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { sgd } from "../../src/optimizers/index.ts";
import { smallData } from "../support/small-data.ts";
import { TOLERANCES } from "../support/tolerances.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const blasEngine = (options: EngineOptions = {}): Engine =>
  new Engine({ profile: "fast", threads: 1, blas: true, ...options });

const probe = blasEngine();
const lacksBlas = probe.kernels.native === null;
if (lacksBlas) console.warn(`Skipped: products by a native BLAS.\n${describeEngine(probe)}`);

/** The names of native kernels, one for each call of them on this engine from now on. */
function nativeCalls(engine: Engine): string[] {
  const calls: string[] = [];
  const { native } = engine.kernels;
  if (!native) return calls;
  const kernel = native.kernel.bind(native);
  vi.spyOn(native, "kernel").mockImplementation((name, memory) => {
    const run = kernel(name, memory);
    return (...args) => {
      calls.push(name);
      run(...args);
    };
  });
  return calls;
}

interface Case {
  readonly batch?: readonly number[];
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly bias?: boolean;
  readonly dtype?: "float32" | "float64";
}

/** A product in an order that only its indices give, eager and in a program; its values in JavaScript. */
function products(c: Case): { eager: Float64Array; program: Float64Array; expected: Float64Array } {
  const { batch = [], m, n, k, transposeA = false, transposeB = false, dtype = "float32" } = c;
  const a = waves([...batch, ...(transposeA ? [k, m] : [m, k])], 1, dtype);
  const b = waves(transposeB ? [n, k] : [k, n], 2, dtype);
  const bias = waves([n], 3, dtype);
  const product = () => ops.matmul(a, b, { transposeA, transposeB, ...(c.bias ? { bias } : {}) });
  const [x, y, z] = [a, b, bias].map((t) => t.dataSync() as Float32Array | Float64Array);
  const items = batch.reduce((p, q) => p * q, 1);
  const expected = new Float64Array(items * m * n);
  for (let at = 0; at < expected.length; at++) {
    const [item, i, j] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n];
    let sum = c.bias ? z[j] : 0;
    for (let p = 0; p < k; p++) {
      sum += x[item * m * k + (transposeA ? p * m + i : i * k + p)] * y[transposeB ? j * k + p : p * n + j];
    }
    expected[at] = sum;
  }
  const values = (run: () => { dataSync(): ArrayLike<unknown> }) => Float64Array.from(run().dataSync() as Float64Array);
  return { eager: values(product), program: values(compile(product)), expected };
}

function waves(shape: readonly number[], seed: number, dtype: "float32" | "float64"): Tensor {
  const size = shape.reduce((p, q) => p * q, 1);
  return tensor(
    Float64Array.from({ length: size }, (_, i) => Math.sin(seed + i * 1.7)),
    { dtype },
  ).reshape(shape);
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i])));
  }
  expect(worst).toBeLessThan(tolerance);
}

const LARGE: readonly Case[] = [
  { m: 64, n: 48, k: 33 },
  { m: 37, n: 65, k: 129, bias: true },
  { m: 64, n: 48, k: 33, transposeA: true },
  { m: 64, n: 48, k: 33, transposeB: true, bias: true },
  { m: 41, n: 50, k: 51, transposeA: true, transposeB: true },
  { m: 41, n: 50, k: 51, batch: [3], transposeA: true },
  { m: 64, n: 48, k: 33, dtype: "float64", bias: true },
  { m: 48, n: 64, k: 33, dtype: "float64", transposeA: true, transposeB: true },
];
const SMALL: readonly Case[] = [
  { m: 3, n: 4, k: 5, bias: true },
  { m: 1, n: 512, k: 512 },
  { m: 512, n: 1, k: 512 },
  { m: 64, n: 64, k: 0, bias: true },
  { m: 0, n: 64, k: 64 },
  { m: 64, n: 64, k: 64, batch: [0] },
];

describe.skipIf(lacksBlas).each([true, false])("products by BLAS, shared memory: %j", (shared) => {
  it.each(LARGE)("are what they should be: %j", (c) => {
    const engine = blasEngine({ shared });
    const calls = nativeCalls(engine);
    withEngine(engine, () => {
      const { eager, program, expected } = products(c);
      const tolerance = 20 * TOLERANCES.wasm[c.dtype ?? "float32"];
      expectClose(eager, expected, tolerance);
      expectClose(program, expected, tolerance);
    });
    const letter = (transposed: boolean | undefined) => (transposed ? "t" : "n");
    const order = letter(c.transposeA) + letter(c.transposeB);
    const name = `native matmul_${c.dtype === "float64" ? "f64" : "f32"}_${order}`;
    expect(calls).toEqual([name, name]);
  });

  it.each(SMALL)("are not for small ones: %j", (c) => {
    const engine = blasEngine({ shared });
    const calls = nativeCalls(engine);
    withEngine(engine, () => {
      const { eager, program, expected } = products(c);
      expectClose(eager, expected, 20 * TOLERANCES.wasm.float32);
      expectClose(program, expected, 20 * TOLERANCES.wasm.float32);
    });
    expect(calls).toEqual([]);
  });

  it("go on when the memory grows", () => {
    const engine = blasEngine({ shared });
    withEngine(engine, () => {
      const x = new Variable(waves([64, 64], 1, "float32").div(8));
      const bias = ops.ones([64]);
      const step = compile(() => x.assign(ops.matmul(x.read(), x.read(), { bias })));
      const values = () => x.read().dataSync() as Float32Array;
      for (let round = 0; round < 3; round++) {
        const expected = squarePlusOne(values());
        step();
        expectClose(values(), expected, 1e-4);
        const before = engine.heap.memory.buffer.byteLength;
        engine.heap.allocate(before);
        expect(engine.heap.memory.buffer.byteLength).toBeGreaterThan(before);
      }
    });
  });
});

/** x x + 1 of a square matrix. */
function squarePlusOne(x: Float32Array): Float64Array {
  const n = Math.sqrt(x.length);
  return Float64Array.from(x, (_, at) => {
    let sum = 1;
    for (let p = 0; p < n; p++) sum += x[at - (at % n) + p] * x[p * n + (at % n)];
    return sum;
  });
}

/** A network's losses over three epochs, from the same weights. */
function losses(): Promise<readonly number[]> {
  const net = sequential(
    [
      layers.dense({ units: 80, activation: "relu" }),
      layers.dense({ units: 48, activation: "tanh" }),
      layers.dense({ units: 5 }),
    ],
    { seed: 2 },
  );
  net.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "meanSquaredError" });
  const { x, y } = smallData(200, 90, 5);
  const wanted = y.map((label) => [0, 1, 2, 3, 4].map((c) => Number(c === label)));
  const options = { epochs: 3, batchSize: 100, seed: 4, verbose: 0 } as const;
  return net.fit(tensor(x), tensor(wanted), options).then(({ history }) => history["loss"] as number[]);
}

describe.skipIf(lacksBlas)("a network on BLAS", () => {
  it.each([1, 2])("learns as it does without, on %i threads", async (threads) => {
    const engine = blasEngine({ threads });
    const calls = nativeCalls(engine);
    const own = await withEngine(new Engine({ threads: 1, blas: false }), losses);
    const native = await withEngine(engine, losses);
    expectClose(native, own, 1e-5);
    expect(own[2]).toBeLessThan(own[0] as number);
    // Two layers forward, their kernels' gradients, and one input's, in each of six steps.
    expect(calls).toHaveLength(6 * 5);
  });

  it("calls it from a loop, too", () => {
    const engine = blasEngine();
    const calls = nativeCalls(engine);
    const run = () => {
      const w: Tensor = waves([64, 64], 1, "float32").div(64);
      const loop = compile(
        () =>
          scan((h: Tensor, x: Tensor) => ({ carry: ops.matmul(h, w).add(x), y: ops.sum(h) }), w, ops.ones([3, 64]))
            .carry as Tensor,
      );
      return Float64Array.from(loop().dataSync() as Float32Array);
    };
    const native = withEngine(engine, run);
    expectClose(native, withEngine(new Engine({ threads: 1, blas: false }), run), 1e-5);
    expect(calls).toHaveLength(3);
  });

  it("shares its other kernels among threads", async () => {
    const engine = blasEngine({ threads: 2 });
    const calls = nativeCalls(engine);
    const x = withEngine(engine, () => new Variable(waves([512, 512], 1, "float32").div(512)));
    // Enough maths for each value that is worth moving to another processor's cache.
    const wave = (y: Tensor): Tensor => [1, 2, 3, 4, 5, 6].reduce((z) => ops.exp(ops.tanh(z)), y);
    const step = withEngine(engine, () => compile(() => x.assign(wave(ops.matmul(x.read(), x.read())).div(512))));
    for (let runs = 0; runs < 60; runs++) withEngine(engine, () => step());
    await vi.waitFor(() => expect(describeEngine(engine)).toMatch(/^threads +2: .*; 1 of them workers$/m));
    await new Promise((done) => setTimeout(done, 100));
    for (let runs = 0; runs < 20; runs++) withEngine(engine, () => step());
    expect(describeEngine(engine)).toMatch(/^threads +2: .*; 1 of them workers$/m);
    expect(calls).toHaveLength(80);
  });
});

describe("an engine", () => {
  it("says which BLAS it has, or why none", () => {
    expect(describeEngine(probe)).toMatch(
      lacksBlas ? /^blas +no: /m : /^blas +\S+( \(.*\))?, for products of 65536 multi/m,
    );
  });

  it("has none unless asked, in the code or in the environment", () => {
    vi.stubEnv("GRADWISE_BLAS", undefined);
    expect(new Engine({ profile: "fast" }).kernels.native).toBeNull();
    vi.stubEnv("GRADWISE_BLAS", "1");
    expect(new Engine({ profile: "fast" }).kernels.native === null).toBe(lacksBlas);
    expect(new Engine({ profile: "fast", blas: false }).kernels.native).toBeNull();
  });

  it("takes none in profile exact", () => {
    expect(() => new Engine({ profile: "exact", blas: true })).toThrow(ValueError);
    expect(() => new Engine({ profile: "exact", blas: true })).toThrow(/"exact" takes no BLAS, whose bits differ/);
  });

  it("refuses a library that is not there", () => {
    expect(() => blasEngine({ blas: "/nowhere/libblas.so" })).toThrow(ValueError);
    expect(() => blasEngine({ blas: "/nowhere/libblas.so" })).toThrow(/cannot use the BLAS "\/nowhere\/libblas\.so": /);
  });
});
