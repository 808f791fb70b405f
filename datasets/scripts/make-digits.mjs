// Cuts OpenCV's samples/data/digits.png into data/digits.gz and prints the checksums that README.md holds.
// node scripts/make-digits.mjs path/to/digits.png
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { constants, gzipSync, inflateSync } from "node:zlib";

const SIDE = 20;
const [COLUMNS, ROWS] = [100, 50];

/** An 8-bit grey PNG without interlacing, decoded: enough for this one file. */
function decodePng(bytes) {
  const parts = [];
  let header;
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") header = body;
    if (type === "IDAT") parts.push(body);
    at += 12 + length;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colour, , , interlace] = header.subarray(8);
  if (depth !== 8 || colour !== 0 || interlace !== 0) throw new Error("expected an 8-bit grey PNG, not interlaced");
  return { width, height, grey: unfilter(inflateSync(Buffer.concat(parts)), width, height) };
}

function unfilter(lines, width, height) {
  const grey = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const filter = lines[row * (width + 1)];
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const left = column > 0 ? grey[i - 1] : 0;
      const up = row > 0 ? grey[i - width] : 0;
      const corner = row > 0 && column > 0 ? grey[i - width - 1] : 0;
      const guesses = [0, left, up, (left + up) >> 1, paeth(left, up, corner)];
      grey[i] = lines[row * (width + 1) + 1 + column] + guesses[filter];
    }
  }
  return grey;
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(guess - value));
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** The inverse of decodeNeighbours (src/neighbour-coding.ts), which describes the layout. */
function encodeNeighbours(x) {
  const levelOf = (i) => (x[i] < 1 ? 0 : x[i] < 100 ? 1 : x[i] < 220 ? 2 : 3);
  const streams = Array.from({ length: 64 }, () => []);
  for (let i = 0; i < x.length; i++) {
    const [row, column] = [Math.floor(i / SIDE) % SIDE, i % SIDE];
    const left = column > 0 ? levelOf(i - 1) : 0;
    const up = row > 0 ? levelOf(i - SIDE) : 0;
    const upRight = row > 0 && column < SIDE - 1 ? levelOf(i - SIDE + 1) : 0;
    streams[left * 16 + up * 4 + upRight].push(x[i]);
  }
  const header = Buffer.alloc(64 * 4);
  for (const [stream, greys] of streams.entries()) header.writeUInt32LE(greys.length, stream * 4);
  return Buffer.concat([header, ...streams.map((greys) => Buffer.from(greys))]);
}

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error("usage: node scripts/make-digits.mjs path/to/digits.png");
const png = readFileSync(source);
const { width, height, grey } = decodePng(png);
if (width !== COLUMNS * SIDE || height !== ROWS * SIDE) throw new Error(`expected 2000x1000, got ${width}x${height}`);

const x = new Uint8Array(grey.length);
for (let cell = 0; cell < ROWS * COLUMNS; cell++) {
  const corner = Math.floor(cell / COLUMNS) * SIDE * width + (cell % COLUMNS) * SIDE;
  for (let row = 0; row < SIDE; row++) {
    const line = grey.subarray(corner + row * width, corner + row * width + SIDE);
    x.set(line, (cell * SIDE + row) * SIDE);
  }
}
const streams = encodeNeighbours(x);
// Of zlib's strategies and block sizes, these pack the streams smallest.
const packed = gzipSync(streams, { level: 9, memLevel: 7, strategy: constants.Z_RLE });
writeFileSync(new URL("../data/digits.gz", import.meta.url), packed);

for (const [what, bytes] of Object.entries({ "digits.png": png, pixels: x, "digits.gz": packed })) {
  console.log(`${what}: ${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex")}`);
}
