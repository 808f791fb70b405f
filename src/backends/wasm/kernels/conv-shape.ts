// tested by src/backends/wasm/kernels/conv.test.ts
import type { Entries, WindowEntries } from "./conv-tables.ts";
import type { FloatDType } from "./lane-type.ts";
import { laneTypes } from "./lane-type.ts";

type Pair = readonly [number, number];

/** A convolution over two space axes; one axis is a picture of one row. Channels and filters are those of all groups. */
export interface ConvShape {
  readonly dtype: FloatDType;
  readonly images: number;
  readonly space: Pair;
  readonly counts: Pair;
  readonly kernel: Pair;
  readonly channels: number;
  readonly filters: number;
  readonly groups: number;
  readonly strides: Pair;
  readonly dilation: Pair;
  /** Places of zeros before; those after follow from the counts. */
  readonly before: Pair;
  /** Of the result: relu, and before it the maxima of windows that lie apart. */
  readonly relu?: boolean;
  readonly pool?: ConvPool;
}

export interface ConvPool {
  readonly window: Pair;
  readonly strides: Pair;
  readonly counts: Pair;
  /** Whether the places of the maxima are asked for, too. */
  readonly record: boolean;
}

/** A picture x with the places beyond its borders that windows cover; in bytes. */
export interface Padded {
  readonly row: number;
  readonly place: number;
  /** Of the padded copy; 0 where there is no need of one. */
  readonly bytes: number;
  /** The first place within the borders, and the first window's first. */
  readonly start: number;
  readonly first: number;
}

export function paddedPicture(s: ConvShape): Padded {
  const place = s.channels * laneTypes[s.dtype].bytes;
  const axes = ([0, 1] as const).map((axis) => {
    const start = Math.max(0, s.before[axis]);
    const last = (s.counts[axis] - 1) * s.strides[axis] + (s.kernel[axis] - 1) * s.dilation[axis] - s.before[axis];
    const end = Math.max(0, last - s.space[axis] + 1);
    return { start, pads: start + end > 0, size: start + s.space[axis] + end, first: start - s.before[axis] };
  });
  const [v, h] = axes;
  const row = h.size * place;
  const at = (down: number, along: number): number => down * row + along * place;
  const bytes = v.pads || h.pads ? v.size * row : 0;
  return { row, place, bytes, start: at(v.start, h.start), first: at(v.first, h.first) };
}

/** A sum that tables describe, with `k` products in each run. */
export interface Sum {
  readonly rows: Entries;
  readonly runs: Entries;
  readonly k: number;
}

const none = [1, 0, 0] as const;

/** The windows, in x and in y. */
function windows(s: ConvShape, x: Padded): Entries {
  const place = s.filters * laneTypes[s.dtype].bytes;
  const [rows, columns] = s.counts;
  return {
    first: [x.first, 0],
    loops: [[rows, s.strides[0] * x.row, columns * place], [columns, s.strides[1] * x.place, place], none],
  }; // biome-ignore format: loop by loop
}

/** The rows of a convolution that pools, window by window; each is filled up to whole tiles of `rows`. */
export function poolWindows(s: ConvShape, pool: ConvPool, x: Padded, rows: number): WindowEntries {
  const place = s.filters * laneTypes[s.dtype].bytes;
  const [down, along] = [s.strides[0] * x.row, s.strides[1] * x.place];
  const [n0, n1] = pool.counts;
  const windows: Entries = {
    first: [x.first, 0],
    loops: [[n0, pool.strides[0] * down, n1 * place], [n1, pool.strides[1] * along, place], none],
  }; // biome-ignore format: loop by loop
  const [m0, m1] = pool.window;
  return { windows, places: [[m0, down], [m1, along]], filled: Math.ceil((m0 * m1) / rows) * rows }; // biome-ignore format: one
}

/** The places of a window, in x and in w, where they are `tap` apart. */
function taps(s: ConvShape, x: Padded, tap: number): Entries {
  const [rows, columns] = s.kernel;
  const along = [columns, s.dilation[1] * x.place, tap] as const;
  return { first: [0, 0], loops: [[rows, s.dilation[0] * x.row, columns * tap], along, none] };
}

/** y: a row is a window; a run is a row of it, or one place of it with dilation or groups. `runBytes`: of packed w. */
export function forwardSum(s: ConvShape, x: Padded, runBytes: (k: number) => number): Sum {
  if (s.groups > 1 || s.dilation[1] > 1) {
    const k = s.channels / s.groups;
    return { rows: windows(s, x), runs: taps(s, x, runBytes(k)), k };
  }
  const k = s.kernel[1] * s.channels;
  const down = [s.kernel[0], s.dilation[0] * x.row, runBytes(k)] as const;
  return { rows: windows(s, x), runs: { first: [0, 0], loops: [down, none, none] }, k };
}

/** dx: a row is a window, from dy into dx; "runs" are the taps, each as many products as a group has filters. */
export function inputSum(s: ConvShape, x: Padded, runBytes: (k: number) => number): Sum {
  const { first, loops } = windows(s, x);
  const k = s.filters / s.groups;
  const rows: Entries = { first: [0, first[0]], loops: loops.map(([n, inX, inY]) => [n, inY, inX]) };
  return { rows, runs: taps(s, x, runBytes(k)), k };
}

/** dw: a row is a row of the kernel; a run is a row of windows, or all of them where they lie evenly. */
export function kernelSum(s: ConvShape, x: Padded): Sum {
  const { bytes } = laneTypes[s.dtype];
  const channels = s.channels / s.groups;
  const place = s.filters * bytes;
  const { first, loops } = taps(s, x, channels * place);
  const [down, along] = windows(s, x).loops;
  const dense = down[1] === along[0] * along[1];
  return {
    rows: { first: [x.first, first[1]], loops: [loops[0], loops[1], [channels, bytes, place]] },
    runs: { first: [0, 0], loops: [dense ? none : down, none, none] },
    k: dense ? down[0] * along[0] : along[0],
  };
}
