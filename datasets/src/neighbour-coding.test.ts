import { expect, test } from "vitest";
import { decodeNeighbours } from "./neighbour-coding.ts";

/** A packed file of the given streams. */
function packed(streams: Record<number, number[]>): Uint8Array {
  const lengths = new Uint32Array(64);
  for (const [stream, greys] of Object.entries(streams)) lengths[Number(stream)] = greys.length;
  return Uint8Array.from([...new Uint8Array(lengths.buffer), ...Object.values(streams).flat()]);
}

test("each pixel comes from the stream that its left, upper and upper right neighbours choose", () => {
  // Levels: 0 | 1-99 | 100-219 | 220-255; stream = 16 left + 4 up + upper right; every picture starts anew.
  const picture = [0, 50, 150, 255];
  const bytes = packed({
    0: [0, 50], // the first picture's first pixel (0), then the pixel right of it: left 0, nothing above
    1: [150], // row 2, column 1: left none, up 0, upper right 50
    36: [255], // row 2, column 2: left 150, up 50, no upper right
  });
  expect([...decodeNeighbours(bytes, { count: 1, height: 2, width: 2 })]).toEqual(picture);

  const twice = packed({ 0: [0, 50, 0, 50], 1: [150, 150], 36: [255, 255] });
  expect([...decodeNeighbours(twice, { count: 2, height: 2, width: 2 })]).toEqual([...picture, ...picture]);
});

test("the wrong number of bytes is an error", () => {
  expect(() => decodeNeighbours(new Uint8Array(300), { count: 1, height: 2, width: 2 })).toThrow(
    "packed pictures: expected 260 bytes, got 300.",
  );
});
