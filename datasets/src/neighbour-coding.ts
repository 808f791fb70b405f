/**
 * Grey pictures of one size, reordered so that DEFLATE packs them better: each pixel goes into one of 64 streams,
 * chosen by how bright the pixels to its left, above and above right are. Pixels of one stream resemble each other.
 * Layout: 64 stream lengths (uint32, little-endian), then the streams one after the other.
 */
export interface PictureSize {
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

const LEVELS = 4;
const STREAMS = LEVELS ** 3;
const HEADER_BYTES = STREAMS * 4;

/** Empty, dark, mid or bright. The limits are those of a few tried that packed the 20x20 digits best. */
const LEVEL = Uint8Array.from({ length: 256 }, (_, grey) => (grey < 1 ? 0 : grey < 100 ? 1 : grey < 220 ? 2 : 3));

/** The pictures, row-major, of streams that scripts/make-digits.mjs wrote. */
export function decodeNeighbours(bytes: Uint8Array, size: PictureSize): Uint8Array<ArrayBuffer> {
  const { count, height, width } = size;
  const x = new Uint8Array(count * height * width);
  if (bytes.length !== HEADER_BYTES + x.length) {
    throw new Error(`packed pictures: expected ${HEADER_BYTES + x.length} bytes, got ${bytes.length}.`);
  }
  const next = startsOf(bytes);
  // Levels of the row above, except left of `column`, where they are already this row's.
  const above = new Uint8Array(width + 1);
  let i = 0;
  for (let row = 0; row < count * height; row++) {
    if (row % height === 0) above.fill(0);
    let left = 0;
    for (let column = 0; column < width; column++) {
      const stream = (left * LEVELS + above[column]) * LEVELS + above[column + 1];
      const grey = bytes[next[stream]++];
      x[i++] = grey;
      left = LEVEL[grey];
      above[column] = left;
    }
  }
  return x;
}

/** Where each stream starts, from the lengths in the header. */
function startsOf(bytes: Uint8Array): Uint32Array {
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  const starts = new Uint32Array(STREAMS).fill(HEADER_BYTES);
  for (let stream = 1; stream < STREAMS; stream++) {
    starts[stream] = starts[stream - 1] + header.getUint32((stream - 1) * 4, true);
  }
  return starts;
}
