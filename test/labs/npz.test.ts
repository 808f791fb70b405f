import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { readNpz } from "./npz.ts";

/** Numbers in little-endian order, each of this many bytes. */
function fields(...numbers: readonly (readonly [value: number, bytes: number])[]): Buffer {
  return Buffer.concat(
    numbers.map(([value, bytes]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}

function npy(descr: string, fortran: boolean, shape: string, values: Float64Array | BigInt64Array): Buffer {
  const order = fortran ? "True" : "False";
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`.padEnd(117).concat("\n");
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    fields([header.length, 2]),
    Buffer.from(header, "latin1"),
    Buffer.from(values.buffer),
  ]);
}

/** A zip of one member, as NumPy writes it but for times and checksums. */
function zip(name: string, content: Buffer, method = 0): Buffer {
  const packed = method === 8 ? deflateRawSync(content) : content;
  const path = Buffer.from(name);
  const common = fields([20, 2], [0, 2], [method, 2], [0, 4], [0, 4], [packed.length, 4], [content.length, 4]);
  // An extra field of 4 bytes in front of the data alone, as zip64's is.
  const local = Buffer.concat([
    fields([0x04034b50, 4]),
    common,
    fields([path.length, 2], [4, 2]),
    path,
    fields([0, 4]),
  ]);
  const entry = Buffer.concat([
    fields([0x02014b50, 4], [20, 2]),
    common,
    fields([path.length, 2], [0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [0, 4]),
    path,
  ]);
  const start = local.length + packed.length;
  const end = fields([0x06054b50, 4], [0, 4], [1, 2], [1, 2], [entry.length, 4], [start, 4], [0, 2]);
  return Buffer.concat([local, packed, entry, end]);
}

const six = Float64Array.of(1, 2, 3, 4, 5, 6);

test.each([0, 8])("reads an array of zip method %i", (method) => {
  const { x } = readNpz(zip("x.npy", npy("<f8", false, "2, 3", six), method));
  expect([x.dtype, x.arraySync()]).toEqual([
    "float64",
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ]);
});

test("Fortran's order goes down the columns", () => {
  const { x } = readNpz(zip("x.npy", npy("<f8", true, "2, 3", six)));
  expect(x.arraySync()).toEqual([
    [1, 3, 5],
    [2, 4, 6],
  ]);
});

test("int64 becomes int32", () => {
  const { y } = readNpz(zip("y.npy", npy("<i8", false, "3,", BigInt64Array.of(2n, -1n, 0n))));
  expect([y.dtype, y.arraySync()]).toEqual(["int32", [2, -1, 0]]);
});

test("other files and dtypes are refused", () => {
  expect(() => readNpz(Buffer.from("no zip"))).toThrow("it has no zip directory");
  expect(() => readNpz(zip("x.npy", Buffer.from("no array, but long enough for a header")))).toThrow(
    "not an .npy file",
  );
  expect(() => readNpz(zip("x.npy", npy("<c16", false, "3,", six)))).toThrow('an array of "<c16"');
});
