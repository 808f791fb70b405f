import { describe, expect, it } from "vitest";
import { expectGradients, sample } from "../../test/support/expect-gradients.ts";
import { installReferenceEngine } from "../../test/support/reference-engine.ts";
import type { Tensor } from "../graph/tensor.ts";
import { conv, maxPool, tensor, zeros } from "./index.ts";
import type { Padding, Sizes } from "./window.ts";

installReferenceEngine();

interface ConvCase {
  readonly what: string;
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly strides?: Sizes;
  readonly padding?: Padding;
  readonly dilation?: Sizes;
  readonly groups?: number;
}

// biome-ignore format: a table
const CASES: readonly ConvCase[] = [
  { what: "1-D", x: [2, 7, 2], w: [3, 2, 3] },
  { what: "1-D, stride 2, same, odd size", x: [1, 7, 1], w: [2, 1, 2], strides: 2, padding: "same" },
  { what: "1-D, dilation 2, groups 2", x: [1, 8, 4], w: [3, 2, 2], dilation: 2, groups: 2 },
  { what: "2-D", x: [2, 4, 5, 2], w: [2, 3, 2, 2] },
  { what: "2-D, stride 2, same, even size", x: [1, 4, 6, 1], w: [3, 3, 1, 2], strides: 2, padding: "same" },
  { what: "2-D, stride 2 leaves a column over", x: [1, 5, 6, 1], w: [2, 3, 1, 1], strides: [1, 2] },
  { what: "2-D, dilation 2, same", x: [1, 5, 5, 1], w: [3, 2, 1, 1], dilation: 2, padding: "same" },
  { what: "2-D, depthwise", x: [1, 4, 4, 3], w: [2, 2, 1, 6], groups: 3, padding: [1, 0] },
  { what: "2-D, stride 3 past the kernel", x: [1, 7, 5, 1], w: [2, 1, 1, 1], strides: 3 },
  { what: "2-D, all at once", x: [1, 7, 6, 4], w: [3, 2, 2, 4], strides: [2, 1], dilation: [1, 2], groups: 2, padding: [[1, 2], [0, 1]] },
  { what: "3-D", x: [1, 3, 3, 3, 1], w: [2, 2, 2, 1, 2], padding: "same" },
];

/** The definition by loops over a padded copy, for one space axis as for several. */
function convolve(x: Tensor, w: Tensor, bias: readonly number[], one: ConvCase, counts: readonly number[]): number[] {
  const [xs, ws] = [x.dataSync(), w.dataSync()];
  const rank = counts.length;
  const each = (sizes: Sizes | undefined) => (axis: number) => (typeof sizes === "object" ? sizes[axis] : (sizes ?? 1));
  const [stride, dilation, groups] = [each(one.strides), each(one.dilation), one.groups ?? 1];
  const [filters, channels] = [one.w[rank + 1], one.w[rank]];
  const before = (axis: number): number => {
    const { padding = "valid" } = one;
    const [n, extent, s] = [one.x[1 + axis], (one.w[axis] - 1) * dilation(axis) + 1, stride(axis)];
    if (padding === "valid") return 0;
    if (padding === "same") return Math.floor(Math.max(0, (Math.ceil(n / s) - 1) * s + extent - n) / 2);
    if (typeof padding === "number") return padding;
    return typeof padding[0] === "number" ? padding[0] : (padding[axis] as readonly number[])[0];
  };
  const flat = (at: readonly number[], shape: readonly number[]) =>
    at.reduce((sum, i, axis) => sum * shape[axis] + i, 0);
  const places = (shape: readonly number[]): number[][] =>
    shape.reduce<number[][]>((all, n) => all.flatMap((at) => Array.from({ length: n }, (_, i) => [...at, i])), [[]]);
  return places([one.x[0], ...counts, filters]).map(([b, ...rest]) => {
    const f = rest[rank];
    const group = Math.floor(f / (filters / groups));
    let sum = bias[f];
    for (const k of places(one.w.slice(0, rank))) {
      const at = k.map((n, axis) => rest[axis] * stride(axis) + n * dilation(axis) - before(axis));
      if (at.some((i, axis) => i < 0 || i >= one.x[1 + axis])) continue;
      for (let c = 0; c < channels; c++)
        sum += xs[flat([b, ...at, group * channels + c], one.x)] * ws[flat([...k, c, f], one.w)];
    }
    return sum;
  });
}

describe("conv", () => {
  it("slides a kernel", () => {
    const x = tensor([1, 2, 3, 4, 5]).reshape([1, 5, 1]);
    const w = tensor([1, 10]).reshape([2, 1, 1]);
    expect([...conv(x, w).dataSync()]).toEqual([21, 32, 43, 54]);
    expect([...conv(x, w, { padding: "same" }).dataSync()]).toEqual([21, 32, 43, 54, 5]);
    expect([...conv(x, w, { padding: 1, bias: tensor([100]) }).dataSync()]).toEqual([110, 121, 132, 143, 154, 105]);
    expect([...conv(x, w, { strides: 2 }).dataSync()]).toEqual([21, 43]);
    expect([...conv(x, w, { dilation: 3 }).dataSync()]).toEqual([41, 52]);
  });

  it.each(CASES)("is its definition: $what", (one) => {
    const [x, w, bias] = [sample(one.x), sample(one.w, 1), sample([one.w[one.w.length - 1]], 2)];
    const { strides = 1, padding = "valid", dilation = 1, groups = 1 } = one;
    const y = conv(x, w, { strides, padding, dilation, groups, bias });
    const want = convolve(x, w, [...bias.dataSync()], one, y.shape.slice(1, -1));
    expect(y.size).toBe(want.length);
    y.dataSync().forEach((value: number, i: number) => {
      expect(value).toBeCloseTo(want[i], 12);
    });
  });

  it.each(CASES)("has the gradient of differences, twice: $what", (one) => {
    const { strides = 1, padding = "valid", dilation = 1, groups = 1 } = one;
    const options = { strides, padding, dilation, groups };
    const filters = one.w[one.w.length - 1];
    expectGradients(
      (x, w, bias) => conv(x, w, { ...options, bias }),
      [sample(one.x), sample(one.w, 1), sample([filters], 2)],
    );
  });

  it("keeps ints, and takes empty batches", () => {
    const x = tensor([200, 100, 50], { dtype: "uint8" }).reshape([1, 3, 1]);
    const y = conv(x, tensor([2, 3], { dtype: "int32" }).reshape([2, 1, 1]));
    expect([y.dtype, [...y.dataSync()]]).toEqual(["int32", [700, 350]]);
    expect(conv(zeros([0, 5, 5, 1]), zeros([3, 3, 1, 2])).shape).toEqual([0, 3, 3, 2]);
    expect([...conv(zeros([1, 2, 0]), zeros([1, 0, 1]), { bias: tensor([7]) }).dataSync()]).toEqual([7, 7]);
  });

  it("refuses kernels larger than the picture, and strides of nothing", () => {
    const [x, w]: Tensor[] = [zeros([1, 4, 4, 1]), zeros([5, 3, 1, 2])];
    expect(() => conv(x, w)).toThrow(
      'conv: a window of (5, 3) does not fit into (4, 4). Use padding: "same", or a smaller window.',
    );
    expect(() => conv(x, zeros([3, 3, 1, 2]), { dilation: [1, 2] })).toThrow("(3, 3) (dilated: (3, 5)) does not fit");
    expect(conv(x, w, { padding: "same" }).shape).toEqual([1, 4, 4, 2]);
    for (const strides of [0, -1, 1.5, [1, 0], [1], Number.NaN, "2", {}]) {
      expect(() => conv(x, w, { strides: strides as Sizes })).toThrow(
        `conv: expected strides of whole numbers of at least 1, one for all or one for each of 2 axes, got ${JSON.stringify(strides)}.`,
      );
    }
    expect(() => conv(x, w, { dilation: 0 })).toThrow("conv: expected a dilation of whole numbers of at least 1");
    for (const padding of [
      -1,
      [1],
      [[1, 1]],
      "full",
      {},
      [
        [0, 1],
        [0, -1],
      ],
    ]) {
      expect(() => conv(x, w, { padding: padding as Padding })).toThrow('conv: expected padding "valid", "same", or');
    }
  });

  it("refuses sequences of length 0", () => {
    for (const padding of ["valid", "same"] as const) {
      expect(() => conv(zeros([2, 0, 1]) as Tensor, zeros([3, 1, 1]), { padding })).toThrow(
        "conv: there is nothing to slide a window of (3,) over in (0,). Leave such samples out, or pad them to one step or more.",
      );
    }
    expect(() => maxPool(zeros([2, 4, 0, 1]) as Tensor, 2)).toThrow(
      "maxPool: there is nothing to slide a window of (2, 2)",
    );
  });

  it("refuses channels that do not fit, and says where they are", () => {
    const w: Tensor = zeros([3, 3, 3, 8]);
    expect(() => conv(zeros([2, 3, 32, 32]) as Tensor, w)).toThrow(
      "conv: a kernel (3, 3, 3, 8) expects 3 channels on the last axis, got 32 in (2, 3, 32, 32). Axis 1 has 3: this looks like channels first; use x.transpose([0, 2, 3, 1]).",
    );
    expect(() => conv(zeros([2, 32, 32, 1]) as Tensor, w)).toThrow(/got 1 in \(2, 32, 32, 1\)\.$/);
    expect(() => conv(zeros([32, 32, 3]) as Tensor, w)).toThrow(
      "got (32, 32, 3) and (3, 3, 3, 8). Add an axis: (32, 32, 3, 1) is one channel, (1, 32, 32, 3) a batch of one.",
    );
    expect(() => conv(zeros([2, 3]) as Tensor, zeros([2, 3]) as Tensor)).toThrow("of the same rank of at least 3");
    expect(() => conv(zeros([1, 4, 4, 3]), w, { bias: zeros([3]) })).toThrow("expected a bias of shape (8,)");
    expect(() => conv(zeros([1, 4, 4, 3], { dtype: "uint32" }), w)).toThrow("conv: expected numbers, got uint32");
  });

  it("refuses groups that divide no channels or filters", () => {
    const run = (channels: number, w: readonly number[], groups: number) =>
      conv(zeros([1, 4, 4, channels]) as Tensor, zeros(w) as Tensor, { groups });
    expect(() => run(3, [1, 1, 1, 4], 2)).toThrow(
      "conv: 3 channels do not divide into 2 groups. Use groups that divide 3 channels and 4 filters.",
    );
    expect(() => run(4, [1, 1, 2, 3], 2)).toThrow("conv: 3 filters do not divide into 2 groups.");
    expect(() => run(4, [1, 1, 4, 4], 2)).toThrow(
      "4 channels in 2 groups need a kernel for 2 channels, got 4 in (1, 1, 4, 4)",
    );
    for (const groups of [0, -2, 1.5, Number.NaN])
      expect(() => run(4, [1, 1, 2, 4], groups)).toThrow("conv: expected groups to be a whole number of at least 1");
  });
});
