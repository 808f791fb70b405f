import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "../assembler/module-builder.ts";
import { exactProfile, hasRelaxedSimd, type KernelProfile, kernelProfile, makeTile } from "../kernel-profile.ts";
import { type FloatDType, laneTypes } from "./lane-type.ts";
import { addMatmulKernels, type MatmulShape, matmulCall, matmulScratchBytes } from "./matmul.ts";

type FloatArray = Float32Array | Float64Array;

interface Kernels {
  profile: KernelProfile;
  memory: WebAssembly.Memory;
  exports: Record<string, (...args: number[]) => void>;
}

interface Layout {
  repeatA?: boolean;
  repeatB?: boolean;
  /** The operand that lies at the memory's very end, but for the slack that kernels may read. */
  last?: "a" | "b" | "bias" | "c";
}

const pages = 512;
const slack = 64;
const slackRead = 15;
const guard = 0x5a;

function newKernels(shared: boolean, options: Partial<KernelProfile> = {}): Kernels {
  const profile = { ...exactProfile, ...options };
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  const module = new ModuleBuilder({ memory: { shared, maximum: pages } });
  addMatmulKernels(module, makeTile(profile, "float32"));
  addMatmulKernels(module, makeTile(profile, "float64"));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory } });
  return { profile, memory, exports: exports as Kernels["exports"] };
}

const kernels = newKernels(false);
const none = new Float32Array(0);

function arrayOf(dtype: FloatDType, length: number, value: (i: number) => number): FloatArray {
  const array = dtype === "float32" ? new Float32Array(length) : new Float64Array(length);
  return array.map((_, i) => value(i));
}

/** Small integers' thirds: inexact sums, the same ones on every run. */
function operand(dtype: FloatDType, length: number, seed: number): FloatArray {
  return arrayOf(dtype, length, (i) => ((((i + seed) * 7919) % 1013) - 500) / 3);
}

function transposed(items: FloatArray, rows: number, columns: number): FloatArray {
  const result = items.slice();
  for (let start = 0; start < items.length; start += rows * columns) {
    for (let i = 0; i < rows * columns; i++) {
      result[start + (i % columns) * rows + Math.floor(i / columns)] = items[start + i];
    }
  }
  return result;
}

/** Lays the operands out with guard bytes around all that the kernel may write; gives C. */
function multiply(
  { profile, memory, exports }: Kernels,
  shape: MatmulShape,
  a: FloatArray,
  b: FloatArray,
  bias: FloatArray,
  { repeatA = false, repeatB = false, last }: Layout = {},
): FloatArray {
  const { m, n, k, batch, dtype } = shape;
  const { bytes } = laneTypes[dtype];
  const heap = new Uint8Array(memory.buffer);
  let next = 128;
  const place = (name: string, length: number): number => {
    if (name === last) return heap.length - slackRead - length;
    const at = next;
    next = Math.ceil((at + length + slack) / 64) * 64;
    return at;
  };
  const copyIn = (name: string, x: FloatArray): number => {
    const at = place(name, x.byteLength);
    heap.set(new Uint8Array(x.buffer, x.byteOffset, x.byteLength), at);
    return at;
  };
  const sizeC = batch * m * n * bytes;
  const scratchBytes = matmulScratchBytes(shape, profile);
  const inputs = { a: copyIn("a", a), b: copyIn("b", b), bias: copyIn("bias", bias) };
  const c = place("c", sizeC);
  const afterC = next;
  const scratch = place("scratch", scratchBytes);
  heap.fill(guard, c - slack, last === "c" ? heap.length : afterC);
  heap.fill(guard, scratch, next);
  const { name, args } = matmulCall(shape, {
    ...inputs,
    c,
    strideA: repeatA ? 0 : m * k * bytes,
    strideB: repeatB ? 0 : k * n * bytes,
    strideC: m * n * bytes,
    scratch,
  });
  exports[name](...args);
  const untouched = (from: number, to: number): boolean => heap.subarray(from, to).every((byte) => byte === guard);
  expect(untouched(c - slack, c), "before C").toBe(true);
  expect(untouched(c + sizeC, last === "c" ? heap.length : afterC), "after C").toBe(true);
  expect(untouched(scratch + scratchBytes, next), "after scratch").toBe(true);
  const result = heap.slice(c, c + sizeC).buffer;
  return dtype === "float32" ? new Float32Array(result) : new Float64Array(result);
}

/** The promised order, rounded at each step: bits must agree. */
function expected(
  { m, n, k, batch, dtype, bias: hasBias }: MatmulShape,
  a: FloatArray,
  b: FloatArray,
  bias: FloatArray,
  { repeatA = false, repeatB = false }: Layout = {},
): FloatArray {
  const round = dtype === "float32" ? Math.fround : (x: number): number => x;
  return arrayOf(dtype, batch * m * n, (index) => {
    const item = Math.floor(index / (m * n));
    const i = Math.floor((index % (m * n)) / n);
    const j = index % n;
    let sum = hasBias ? bias[j] : 0;
    for (let q = 0; q < k; q++) {
      const x = a[(repeatA ? 0 : item * m * k) + i * k + q];
      const y = b[(repeatB ? 0 : item * k * n) + q * n + j];
      sum = round(sum + round(x * y));
    }
    return sum;
  });
}

/** Checks one shape in all four storage orders against the plain loop, to the bit. */
function check(
  shape: Omit<MatmulShape, "transposeA" | "transposeB">,
  layout: Layout = {},
  using: Kernels = kernels,
): void {
  const { m, n, k, batch, dtype } = shape;
  const a = operand(dtype, (layout.repeatA ? 1 : batch) * m * k, 1);
  const b = operand(dtype, (layout.repeatB ? 1 : batch) * k * n, 2);
  const bias = operand(dtype, n, 3);
  const plain = { ...shape, transposeA: false, transposeB: false };
  const wanted = bitsOf(expected(plain, a, b, bias, layout));
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const storedA = transposeA ? transposed(a, m, k) : a;
      const storedB = transposeB ? transposed(b, k, n) : b;
      const given = { ...shape, transposeA, transposeB };
      const got = bitsOf(multiply(using, given, storedA, storedB, bias, layout));
      expect(got.length).toBe(wanted.length);
      const wrong = got.findIndex((byte, i) => byte !== wanted[i]);
      expect(wrong, `first wrong byte of ${JSON.stringify(given)}`).toBe(-1);
    }
  }
}

function bitsOf(x: FloatArray): Uint8Array {
  return new Uint8Array(x.buffer, x.byteOffset, x.byteLength);
}

const dtypes = ["float32", "float64"] as const;

describe.each(dtypes)("%s products equal the plain loop, to the bit", (dtype) => {
  const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 11, 16];
  test.each(sizes)("all tails, m = %d", (m) => {
    for (const n of sizes) {
      for (const k of [1, 2, 3, 4, 5, 9]) check({ m, n, k, batch: 1, dtype, bias: false });
    }
  });

  // Beyond one run of k, one block of rows or columns, and both packing thresholds.
  const large: [m: number, n: number, k: number][] = [
    [101, 67, 257],
    [5, 519, 300],
    [66, 1030, 33],
    [1, 131, 517],
    [1, 1030, 35],
    [1, 129, 20],
    [2, 1, 1000],
    [1000, 1, 3],
    [130, 129, 257],
    [3, 530, 260],
    [67, 131, 257],
    [33, 128, 51],
    [40, 139, 300],
  ];
  test.each(large)("%d x %d, k = %d", (m, n, k) => {
    check({ m, n, k, batch: 1, dtype, bias: false });
    check({ m, n, k, batch: 1, dtype, bias: true });
  });

  test("k = 0 gives the bias, or zeros", () => {
    for (const m of [1, 2, 5]) {
      check({ m, n: 7, k: 0, batch: 2, dtype, bias: true });
      check({ m, n: 7, k: 0, batch: 2, dtype, bias: false });
    }
  });

  test("empty results", () => {
    for (const empty of [{ m: 0 }, { n: 0 }, { batch: 0 }]) {
      check({ m: 3, n: 3, k: 4, batch: 1, dtype, bias: true, ...empty });
    }
  });

  test("batches, and either operand repeated over them", () => {
    for (const layout of [{}, { repeatA: true }, { repeatB: true }]) {
      check({ m: 5, n: 6, k: 7, batch: 3, dtype, bias: true }, layout);
      check({ m: 1, n: 9, k: 7, batch: 3, dtype, bias: false }, layout);
      for (const m of [2, 6, 7]) check({ m, n: 515, k: 19, batch: 2, dtype, bias: true }, layout);
    }
  });

  test("reads end within 15 bytes after an operand", () => {
    for (const last of ["a", "b", "bias", "c"] as const) {
      for (const m of sizes) {
        for (const n of sizes) check({ m, n, k: 5, batch: 1, dtype, bias: true }, { last });
        check({ m, n: 3, k: 9, batch: 1, dtype, bias: false }, { last });
        check({ m, n: 131, k: 9, batch: 1, dtype, bias: false }, { last });
      }
    }
    for (const last of ["a", "b"] as const) check({ m: 130, n: 133, k: 258, batch: 1, dtype, bias: false }, { last });
  });

  test("any shape", () => {
    const shape = fc.record({
      m: fc.integer({ min: 0, max: 70 }),
      n: fc.integer({ min: 0, max: 70 }),
      k: fc.integer({ min: 0, max: 70 }),
      batch: fc.integer({ min: 0, max: 3 }),
      bias: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, (given) => check({ ...given, dtype })),
      { numRuns: 60 },
    );
  });

  test("the heap may be shared", () => {
    check({ m: 9, n: 11, k: 13, batch: 2, dtype, bias: true }, {}, newKernels(true));
  });

  test("the tile changes no bits", () => {
    const plain = { unroll: 4, fenced: false };
    const rounds = [plain, { ...plain, unrollPanels: 0 }, { unroll: 1 }, { unroll: 1, unrollPanels: 0 }];
    for (const tile of [{ vectors: 1 }, { vectors: 4 }, ...rounds, { ...plain, rows: 6 }]) {
      const others = newKernels(false, tile);
      check({ m: 29, n: 37, k: 270, batch: 1, dtype, bias: true }, {}, others);
      check({ m: 130, n: 133, k: 258, batch: 1, dtype, bias: true }, {}, others);
    }
  });

  // Whatever tiles of six rows leave over; those of many rows are packed, in panels of six.
  const sixes = newKernels(false, { rows: 6, unroll: 4, unrollPanels: 0, fenced: false });
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 26, 600, 602, 605])("%d rows in tiles of six", (m) =>
    check({ m, n: 128, k: m > 26 ? 128 : 9, batch: 1, dtype, bias: m % 2 > 0 }, {}, sixes),
  );

  test("NaN, infinities and -0 come through", () => {
    const shape = { m: 3, n: 3, k: 2, batch: 1, transposeA: false, transposeB: false, dtype, bias: false };
    const rows = [0, 1, Infinity, 1, -0, -0];
    const columns = [Infinity, NaN, 1, 1, 1, 1];
    const a = arrayOf(dtype, 6, (i) => rows[i]);
    const b = arrayOf(dtype, 6, (i) => columns[i]);
    // 0 * Infinity is NaN: no zero is skipped.
    const c = [NaN, NaN, 1, Infinity, NaN, Infinity, NaN, NaN, 0];
    expect([...multiply(kernels, shape, a, b, arrayOf(dtype, 0, Number))]).toEqual(c);
    const bias = arrayOf(dtype, 3, () => -0);
    const zeros = multiply(
      kernels,
      { ...shape, bias: true },
      arrayOf(dtype, 6, () => -0),
      arrayOf(dtype, 6, () => 1),
      bias,
    );
    expect([...zeros]).toEqual(Array(9).fill(-0));
  });
});

test("the promised order is accurate: float32 against a float64 sum", () => {
  const shape = { m: 20, n: 12, k: 800, batch: 1, transposeA: false, transposeB: false, bias: false };
  const a = operand("float32", shape.m * shape.k, 5);
  const b = operand("float32", shape.k * shape.n, 6);
  const got = multiply(kernels, { ...shape, dtype: "float32" }, a, b, none);
  const exact = expected({ ...shape, dtype: "float64" }, Float64Array.from(a), Float64Array.from(b), none);
  const scale = Math.max(...exact.map(Math.abs));
  for (let i = 0; i < got.length; i++) expect(Math.abs(got[i] - exact[i])).toBeLessThan(1e-5 * scale);
});

test.runIf(hasRelaxedSimd())("with relaxed multiply-add the four storage orders still agree to the bit", () => {
  const fused = newKernels(false, kernelProfile({ profile: "fast", wide: false }));
  for (const m of [1, 7, 70]) {
    const shape = { m, n: 37, k: 300, batch: 1, dtype: "float32" as const, bias: false };
    const a = operand("float32", m * 300, 1);
    const b = operand("float32", 300 * 37, 2);
    const plain = multiply(fused, { ...shape, transposeA: false, transposeB: false }, a, b, none);
    const flipped = { ...shape, transposeA: true, transposeB: true };
    expect(multiply(fused, flipped, transposed(a, m, 300), transposed(b, 300, 37), none)).toEqual(plain);
  }
});
