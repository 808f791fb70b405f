import { inflateRawSync } from "node:zlib";
import { type Tensor, tensor } from "gradwise";

/** The arrays of an .npz file, by name: a zip of .npy files, as NumPy's savez and savez_compressed write it. */
export function readNpz(bytes: Uint8Array): Record<string, Tensor> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = file.lastIndexOf("PK\x05\x06", undefined, "latin1");
  if (end < 0) throw new Error("not an .npz file: it has no zip directory");
  const arrays: Record<string, Tensor> = {};
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((field) => file.readUInt16LE(at + field));
    const name = file.toString("utf8", at + 46, at + 46 + nameSize);
    arrays[name.replace(/\.npy$/, "")] = readNpy(unpacked(file, at));
    at += 46 + nameSize + extraSize + commentSize;
  }
  return arrays;
}

/** One member of a zip, whose entry in the directory is at `entry`; the directory alone always knows its size. */
function unpacked(file: Buffer, entry: number): Buffer {
  const method = file.readUInt16LE(entry + 10);
  const size = file.readUInt32LE(entry + 20);
  const local = file.readUInt32LE(entry + 42);
  const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
  const packed = file.subarray(start, start + size);
  if (method === 0) return packed;
  if (method === 8) return inflateRawSync(packed);
  throw new Error(`zip method ${method}: expected 0 (stored) or 8 (deflated)`);
}

/** An array as NumPy's save writes it; int64 becomes int32, which holds every class of the labs. */
function readNpy(file: Buffer): Tensor {
  const headerSize = file.readUInt16LE(8);
  const header = file.toString("latin1", 10, 10 + headerSize);
  const [, descr, order, sizes] =
    /'descr': '(.*?)', 'fortran_order': (True|False), 'shape': \((.*?)\)/.exec(header) ?? [];
  if (descr === undefined) throw new Error(`not an .npy file: its header is ${JSON.stringify(header)}`);
  const shape = (sizes.match(/\d+/g) ?? []).map(Number);
  const values = Uint8Array.from(file.subarray(10 + headerSize)).buffer;
  // Fortran's order is row-major of the axes turned around.
  const stored = { shape: order === "True" ? shape.toReversed() : shape };
  const array = descr === "<f8" ? tensor(new Float64Array(values), stored) : tensor(integers(values, descr), stored);
  return order === "True" ? array.transpose() : array;
}

function integers(values: ArrayBuffer, descr: string): Int32Array {
  if (descr === "<i8") return Int32Array.from(new BigInt64Array(values), Number);
  if (descr === "<i4") return new Int32Array(values);
  throw new Error(`an array of "${descr}": expected "<f8", "<i8" or "<i4"`);
}
