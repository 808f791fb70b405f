import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "../assembler/module-builder.ts";
import { exactProfile, hasRelaxedSimd, type KernelProfile, kernelProfile, makeTile } from "../kernel-profile.ts";
import { addConvKernels, type ConvOp, convArguments, convKernelName, convScratchBytes } from "./conv.ts";
import type { ConvShape } from "./conv-shape.ts";
import type { FloatDType } from "./lane-type.ts";
import { laneTypes } from "./lane-type.ts";

type FloatArray = Float32Array | Float64Array;

interface Kernels {
  readonly profile: KernelProfile;
  readonly memory: WebAssembly.Memory;
  readonly exports: Record<string, (...args: number[]) => void>;
}

const pages = 16;
const slack = 64;
const guard = 0x5a;

function newKernels(shared: boolean, options: Partial<KernelProfile> = {}): Kernels {
  const profile = { ...exactProfile, ...options };
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  const module = new ModuleBuilder({ memory: { shared, maximum: pages } });
  addConvKernels(module, makeTile(profile, "float32"));
  addConvKernels(module, makeTile(profile, "float64"));
  const compiled = new WebAssembly.Module(module.bytes());
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return { profile, memory, exports: exports as Kernels["exports"] };
}

const kernels = newKernels(false);

/** What a test says; the rest is 1, or follows. */
interface Given {
  readonly images?: number;
  readonly space: [number, number];
  readonly kernel: [number, number];
  readonly channels: number;
  readonly filters: number;
  readonly groups?: number;
  readonly strides?: [number, number];
  readonly dilation?: [number, number];
  readonly before?: [number, number];
  readonly after?: [number, number];
}

function shapeOf(given: Given, dtype: FloatDType): ConvShape {
  const { images = 2, groups = 1, strides = [1, 1], dilation = [1, 1], before = [0, 0], after = before } = given;
  const count = (axis: 0 | 1): number => {
    const extent = (given.kernel[axis] - 1) * dilation[axis] + 1;
    return Math.floor((given.space[axis] + before[axis] + after[axis] - extent) / strides[axis]) + 1;
  };
  const { space, kernel, channels, filters } = given;
  const counts = [count(0), count(1)] as const;
  return { dtype, images, space, counts, kernel, channels, filters, groups, strides, dilation, before };
}

/** Small integers' thirds: inexact sums, the same ones on every run. */
function operand(dtype: FloatDType, length: number, seed: number): FloatArray {
  const array = dtype === "float32" ? new Float32Array(length) : new Float64Array(length);
  return array.map((_, i) => ((((i + seed) * 7919) % 1013) - 500) / 3);
}

interface Operands {
  readonly x: FloatArray;
  readonly w: FloatArray;
  readonly y: FloatArray;
}

function operandsOf(s: ConvShape): Operands {
  const size = ([h, w]: readonly [number, number], n: number) => s.images * h * w * n;
  const weights = (s.kernel[0] * s.kernel[1] * s.channels * s.filters) / s.groups;
  return {
    x: operand(s.dtype, size(s.space, s.channels), 1),
    w: operand(s.dtype, weights, 2),
    y: operand(s.dtype, size(s.counts, s.filters), 3),
  };
}

/** Calls `product` for every product of the convolution, for each in the order in which sums take them. */
function forProducts(s: ConvShape, product: (x: number, w: number, y: number) => void): void {
  const [cg, fg] = [s.channels / s.groups, s.filters / s.groups];
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  for (let b = 0; b < s.images; b++)
    for (const oh of range(s.counts[0]))
      for (const ow of range(s.counts[1]))
        for (const kh of range(s.kernel[0]))
          for (const kw of range(s.kernel[1]))
            for (const c of range(cg))
              for (const f of range(s.filters)) {
                const h = oh * s.strides[0] + kh * s.dilation[0] - s.before[0];
                const w = ow * s.strides[1] + kw * s.dilation[1] - s.before[1];
                const inside = h >= 0 && h < s.space[0] && w >= 0 && w < s.space[1];
                const channel = Math.floor(f / fg) * cg + c;
                product(
                  inside ? ((b * s.space[0] + h) * s.space[1] + w) * s.channels + channel : -1,
                  ((kh * s.kernel[1] + kw) * cg + c) * s.filters + f,
                  ((b * s.counts[0] + oh) * s.counts[1] + ow) * s.filters + f,
                );
              }
}

/** The promised order, rounded at each step: bits must agree. */
function expected(op: ConvOp, s: ConvShape, { x, w, y }: Operands, bias: FloatArray | null): FloatArray {
  const round = s.dtype === "float32" ? Math.fround : (n: number): number => n;
  const result = (op === "conv" ? y : op === "convInputGrad" ? x : w).slice().fill(0);
  if (bias !== null) for (let i = 0; i < result.length; i++) result[i] = bias[i % s.filters];
  const terms: [to: number, order: number, value: number][] = [];
  forProducts(s, (xAt, wAt, yAt) => {
    if (op === "conv") result[yAt] = round(result[yAt] + round((xAt < 0 ? 0 : x[xAt]) * w[wAt]));
    else if (op === "convKernelGrad") result[wAt] = round(result[wAt] + round((xAt < 0 ? 0 : x[xAt]) * y[yAt]));
    else if (xAt >= 0) terms.push([xAt, wAt, round(y[yAt] * w[wAt])]);
  });
  // An input's gradient goes tap by tap, not place by place.
  const step = (s.channels / s.groups) * s.filters;
  const order = (at: number): number => Math.floor(at / step) * s.filters + (at % s.filters);
  terms.sort((p, q) => order(p[1]) - order(q[1]));
  for (const [to, , value] of terms) result[to] = round(result[to] + value);
  return result;
}

/** Lays the operands out with guard bytes around all that the kernel may write; gives the result. */
function run(op: ConvOp, s: ConvShape, { x, w, y }: Operands, bias: FloatArray | null, using: Kernels): FloatArray {
  const heap = new Uint8Array(using.memory.buffer);
  const tile = makeTile(using.profile, s.dtype);
  heap.fill(guard);
  let next = 128;
  const place = (bytes: number): number => {
    const at = next;
    next = Math.ceil((at + bytes + slack) / 64) * 64;
    return at;
  };
  const copyIn = (array: FloatArray): number => {
    const at = place(array.byteLength);
    heap.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    return at;
  };
  const [first, second, like] = op === "conv" ? [x, w, y] : op === "convInputGrad" ? [y, w, x] : [x, y, w];
  const operands = [copyIn(first), copyIn(second)];
  if (op === "conv") operands.push(bias === null ? 0 : copyIn(bias));
  const scratchBytes = convScratchBytes(op, s, tile);
  const [result, scratch, end] = [place(like.byteLength), place(scratchBytes), next];
  using.exports[convKernelName(op, s.dtype)](...convArguments(op, s, { operands, result, scratch }, tile));
  const untouched = (from: number, to: number): boolean => heap.subarray(from, to).every((byte) => byte === guard);
  expect(untouched(result - 16, result), "before the result").toBe(true);
  expect(untouched(result + like.byteLength, scratch), "after the result").toBe(true);
  expect(untouched(scratch + scratchBytes, end), "after scratch").toBe(true);
  const { buffer } = heap.slice(result, result + like.byteLength);
  return s.dtype === "float32" ? new Float32Array(buffer) : new Float64Array(buffer);
}

const OPS = ["conv", "convInputGrad", "convKernelGrad"] as const;

function check(given: Given, dtype: FloatDType, using: Kernels = kernels): void {
  const s = shapeOf(given, dtype);
  const operands = operandsOf(s);
  for (const op of OPS) {
    for (const bias of op === "conv" ? [null, operand(dtype, s.filters, 4)] : [null]) {
      const got = run(op, s, operands, bias, using);
      const want = expected(op, s, operands, bias);
      const wrong = got.findIndex((value, i) => !Object.is(value, want[i]));
      expect(wrong, `${op}: first wrong element of ${JSON.stringify(given)}`).toBe(-1);
    }
  }
}

const CASES: Readonly<Record<string, Given>> = {
  "a picture": { space: [8, 9], kernel: [3, 3], channels: 4, filters: 8 },
  "one channel": { space: [9, 8], kernel: [3, 3], channels: 1, filters: 5 },
  "three channels, zeros around": { space: [5, 7], kernel: [3, 3], channels: 3, filters: 10, before: [1, 1] },
  "many channels": { images: 1, space: [5, 5], kernel: [3, 3], channels: 32, filters: 19 },
  strides: { space: [9, 10], kernel: [3, 3], channels: 3, filters: 6, strides: [2, 3], before: [1, 1] },
  "a stride beyond the kernel": { space: [7, 8], kernel: [1, 2], channels: 2, filters: 3, strides: [2, 3] },
  dilation: { space: [9, 9], kernel: [3, 2], channels: 3, filters: 4, dilation: [2, 3] },
  "strides and dilation": { space: [11, 9], kernel: [3, 3], channels: 2, filters: 9, strides: [2, 4], dilation: [3, 2] },
  "columns for every width of a tile": { images: 1, space: [4, 5], kernel: [2, 2], channels: 3, filters: 29 },
  groups: { space: [5, 6], kernel: [2, 3], channels: 6, filters: 9, groups: 3, before: [1, 0] },
  "a group for each channel": { space: [6, 5], kernel: [3, 3], channels: 5, filters: 10, groups: 5, before: [1, 1] },
  "one row": { images: 3, space: [1, 20], kernel: [1, 5], channels: 3, filters: 7, strides: [1, 2], before: [0, 2] },
  "one place": { space: [3, 3], kernel: [3, 3], channels: 2, filters: 2 },
  "a kernel of one": { space: [4, 5], kernel: [1, 1], channels: 7, filters: 12 },
  "more zeros than the kernel reaches": { space: [3, 2], kernel: [2, 2], channels: 1, filters: 1, before: [3, 4] },
  "rows that no window covers": { space: [8, 8], kernel: [2, 2], channels: 2, filters: 3, strides: [3, 3] },
  "a crop": { space: [7, 6], kernel: [2, 2], channels: 2, filters: 3, after: [-1, -2] },
}; // biome-ignore format: a table

describe.each(["float32", "float64"] as const)("%s convolutions equal the plain loops, to the bit", (dtype) => {
  test.each(Object.entries(CASES))("%s", (_, given) => check(given, dtype));

  test("any shape", () => {
    const axis = fc.record({
      size: fc.integer({ min: 1, max: 9 }),
      kernel: fc.integer({ min: 1, max: 3 }),
      stride: fc.integer({ min: 1, max: 3 }),
      dilation: fc.integer({ min: 1, max: 3 }),
      before: fc.integer({ min: 0, max: 2 }),
      after: fc.integer({ min: 0, max: 2 }),
    });
    const shape = fc.record({
      images: fc.integer({ min: 1, max: 3 }),
      axes: fc.tuple(axis, axis),
      groups: fc.integer({ min: 1, max: 2 }),
      channels: fc.integer({ min: 1, max: 5 }),
      filters: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(shape, ({ images, axes, groups, channels, filters }) => {
        const both = <T>(pick: (one: (typeof axes)[0]) => T): [T, T] => [pick(axes[0]), pick(axes[1])];
        // Grown where the window would not fit.
        const space = both((a) => Math.max(a.size, (a.kernel - 1) * a.dilation + 1 - a.before - a.after, 1));
        const windows = { strides: both((a) => a.stride), dilation: both((a) => a.dilation) };
        const padding = { before: both((a) => a.before), after: both((a) => a.after) };
        const sizes = { channels: channels * groups, filters: filters * groups, groups };
        check({ images, space, kernel: both((a) => a.kernel), ...sizes, ...windows, ...padding }, dtype);
      }),
      { numRuns: 60 },
    );
  });

  test("the heap may be shared", () => {
    check(CASES["strides"] as Given, dtype, newKernels(true));
  });

  test("the tile changes no bits", () => {
    for (const tile of [
      { rows: 4, vectors: 1 },
      { rows: 4, vectors: 4 },
      { rows: 8, vectors: 2 },
      { rows: 6, vectors: 2, fenced: false },
      { rows: 1, vectors: 2 },
    ]) {
      const others = newKernels(false, tile);
      for (const given of Object.values(CASES)) check(given, dtype, others);
    }
  });
});

test("NaN and infinities come through", () => {
  const s = shapeOf({ images: 1, space: [1, 2], kernel: [1, 1], channels: 1, filters: 2 }, "float32");
  const operands = { x: new Float32Array([Infinity, NaN]), w: new Float32Array([0, 1]), y: new Float32Array(4) };
  expect([...run("conv", s, operands, null, kernels)]).toEqual([NaN, Infinity, NaN, NaN]);
});

test.runIf(hasRelaxedSimd())("with fused multiply-add the tile changes no bits", () => {
  const { multiplyAdd } = kernelProfile({ profile: "fast", wide: false });
  const [small, large] = [1, 4].map((vectors) => newKernels(false, { multiplyAdd, vectors })) as [Kernels, Kernels];
  const s = shapeOf(CASES["many channels"] as Given, "float32");
  for (const op of OPS) {
    const [a, b] = [small, large].map((using) => run(op, s, operandsOf(s), null, using));
    expect(a).toEqual(b);
  }
});

test("what scratch takes is what lies in it", () => {
  const { bytes } = laneTypes.float32;
  const s = shapeOf({ space: [4, 4], kernel: [1, 1], channels: 4, filters: 8 }, "float32");
  // 16 rows, one run filled up to a tile, 4 x 8 weights filled up to 16 columns.
  expect(convScratchBytes("conv", s, makeTile(exactProfile, "float32"))).toBe(16 * 8 + 64 + 64 + 4 * 16 * bytes);
});
