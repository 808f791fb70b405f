// tested by src/layers/conv2d.test.ts
import { ShapeError, ValueError } from "../core/errors.ts";
import { shapeText } from "../core/shape.ts";
import { windowAttrs, windowCounts } from "../ops/window.ts";

/** Where the channels are: last, as everywhere here. Giving it says that a shape is meant as it is. */
export type DataFormat = "channelsLast";

type OpenShape = readonly (number | null)[];

const AXES = ["", "[batch, steps, channels]", "[batch, height, width, channels]"];

/** The number of channels after the batch that a picture is likely to have. */
const PICTURE_CHANNELS: readonly (number | null)[] = [1, 3];
const LEAST_PICTURE = 8;

/** Throws for every format but channels last; true where one was given. */
export function assertDataFormat(where: string, format: unknown): boolean {
  if (format === undefined || format === null) return false;
  if (format === "channelsLast" || format === "channels_last") return true;
  throw new ValueError(
    `${where}: expected dataFormat "channelsLast", got ${JSON.stringify(format)}. Move the channels: x.transpose([0, 2, 3, 1]) makes NHWC of NCHW.`,
  );
}

/** Throws unless the shape has a batch, `rank` space axes and channels, in this order as far as one can tell. */
export function assertSpatial(where: string, shape: OpenShape, rank: number, meant: boolean): void {
  if (shape.length !== rank + 2) {
    throw new ShapeError(`${where}: expected ${AXES[rank]}, got ${shapeText(shape)}.${missingAxis(shape, rank)}`);
  }
  const empty = shape.slice(1, -1).indexOf(0);
  if (empty !== -1) {
    throw new ShapeError(
      `${where}: axis ${empty + 1} of ${shapeText(shape)} is empty: there is nothing to look at. Leave such samples out, or pad them to one step or more.`,
    );
  }
  const [, channels, height, width] = shape;
  const looksFirst = PICTURE_CHANNELS.includes(channels) && height === width && (height ?? 0) >= LEAST_PICTURE;
  if (rank !== 2 || meant || !looksFirst) return;
  throw new ShapeError(
    `${where}: ${shapeText(shape)} looks like channels first (NCHW), expected ${AXES[2]}. Use x.transpose([0, 2, 3, 1]); if these pictures are ${channels} high, say so with dataFormat: "channelsLast".`,
  );
}

function missingAxis(shape: OpenShape, rank: number): string {
  if (shape.length !== rank + 1) return "";
  const sizes = shape.map((n) => n ?? -1);
  return PICTURE_CHANNELS.includes(shape[rank])
    ? ` Add a batch axis: x.reshape([1, ${sizes.join(", ")}]).`
    : ` Add an axis for the channel: x.reshape([${sizes.join(", ")}, 1]).`;
}

/** What to do where `got` is `wanted` with its channels after the batch; "" where it is not. */
export function channelsFirstHint(wanted: OpenShape, got: OpenShape): string {
  if (wanted.length < 3 || got.length !== wanted.length) return "";
  const moved = [...got.slice(2), got[1]];
  const fits = (shape: OpenShape): boolean => wanted.slice(1).every((n, axis) => n === null || n === shape[axis]);
  if (!fits(moved) || fits(got.slice(1))) return "";
  const perm = [0, ...got.slice(2).map((_, axis) => axis + 2), 1];
  return ` It looks like channels first: use x.transpose([${perm.join(", ")}]).`;
}

/** Windows over some of the space axes, as a layer has them. */
export interface SpatialWindow {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilation?: readonly number[];
  readonly padding: "valid" | "same" | readonly (readonly [number, number])[];
}

/** The sizes of space axes after windows; an open size stays open. Throws where a known one is too small. */
export function windowedSizes(where: string, space: OpenShape, layer: SpatialWindow): (number | null)[] {
  const { window, strides, dilation = window.map(() => 1), padding } = layer;
  const known = space.flatMap((n, axis) => (n === null ? [] : [axis]));
  const of = <T>(list: readonly T[]): T[] => known.map((axis) => list[axis]);
  const sizes = of(space) as number[];
  const options = {
    strides: of(strides),
    dilation: of(dilation),
    padding: typeof padding === "string" ? padding : of(padding),
  };
  const counts = windowCounts(sizes, of(window), windowAttrs(where, sizes, of(window), options));
  return space.map((n, axis) => (n === null ? null : counts[known.indexOf(axis)]));
}
