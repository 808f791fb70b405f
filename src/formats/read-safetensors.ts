import { FormatError } from "../core/errors.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "./json.ts";
import type { NamedArray } from "./named-array.ts";
import { quote } from "./quote.ts";
import { STORED_DTYPES, type StoredDType } from "./safetensors-dtypes.ts";

/** As the reference implementation. */
const MAX_HEADER = 100e6;
const MAX_RANK = 64;

export interface Safetensors {
  /** In the order of the header, but for names that are integers, which JavaScript puts first. */
  readonly tensors: NamedArray[];
  /** Free text, such as `{ format: "pt" }`. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly name: string;
  readonly stored: StoredDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * The arrays and metadata of a safetensors file, whose `name` goes into messages. Every array is a copy. The file may
 * be hostile: anything but a well-formed file is a FormatError, found before memory beyond a small multiple of the
 * file's own size is used.
 */
export function readSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const dataStart = 8 + headerLength(bytes, name);
  const header = parseHeader(bytes.subarray(8, dataStart), name);
  const data = bytes.subarray(dataStart);
  const entries: Entry[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key !== "__metadata__") entries.push(parseEntry(key, value, data.length, name));
  }
  assertTiled(entries, data.length, name);
  const tensors = entries.map(({ name: key, stored, shape, begin, end }): NamedArray => {
    const decoded = stored.decode(data.subarray(begin, end));
    if (typeof decoded === "string") throw damaged(name, `tensor ${quote(key)}: ${decoded}`);
    return { name: key, dtype: stored.dtype, shape, data: decoded };
  });
  return { tensors, metadata: parseMetadata(header, name) };
}

function damaged(name: string, reason: string): FormatError {
  return new FormatError(
    `${quote(name)}: ${reason}. The file is damaged or not a safetensors file: save or download it again.`,
  );
}

/** Eight bytes, little-endian; the upper four make any length beyond the limit. */
function headerLength(bytes: Uint8Array, name: string): number {
  if (bytes.length < 8) throw damaged(name, `expected at least 8 bytes, got ${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > MAX_HEADER)
    throw damaged(name, `its header claims ${length} bytes, but at most ${MAX_HEADER} are allowed`);
  if (length > bytes.length - 8) {
    throw damaged(name, `its header claims ${length} bytes, but only ${bytes.length - 8} follow`);
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array, name: string): JsonObject {
  if (bytes[0] !== 0x7b) throw damaged(name, 'its header does not start with "{"');
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw damaged(name, "its header is not UTF-8");
  }
  const header = parseJson(text, `${quote(name)}: the header`);
  if (!isJsonObject(header)) throw damaged(name, "its header is not a JSON object");
  return header;
}

function parseMetadata(header: JsonObject, name: string): Readonly<Record<string, string>> {
  const found = Object.hasOwn(header, "__metadata__") ? header["__metadata__"] : {};
  if (!isJsonObject(found)) throw damaged(name, "__metadata__ is not an object");
  for (const [key, value] of Object.entries(found)) {
    if (typeof value !== "string") throw damaged(name, `__metadata__ entry ${quote(key)} is not a string`);
  }
  return found as Readonly<Record<string, string>>;
}

function parseEntry(key: string, value: Json, dataLength: number, name: string): Entry {
  const where = `tensor ${quote(key)}`;
  if (!isJsonObject(value)) throw damaged(name, `${where} is not described by an object`);
  for (const field of ["dtype", "shape", "data_offsets"]) {
    if (!Object.hasOwn(value, field)) throw damaged(name, `${where} has no ${field}`);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(STORED_DTYPES, dtype)) {
    const known = Object.keys(STORED_DTYPES).join(", ");
    const got = typeof dtype === "string" ? quote(dtype) : "no string";
    throw new FormatError(`${quote(name)}: ${where} has dtype ${got}; gradwise reads ${known}. Convert it first.`);
  }
  if (!isIntegers(shape) || shape.length > MAX_RANK) {
    throw damaged(name, `the shape of ${where} is not a list of at most ${MAX_RANK} integers from 0 to 2^53 - 1`);
  }
  if (!isIntegers(offsets) || offsets.length !== 2) {
    throw damaged(name, `the data_offsets of ${where} are not two integers from 0 to 2^53 - 1`);
  }
  const [begin, end] = offsets;
  if (begin > end || end > dataLength) {
    throw damaged(name, `${where} claims bytes ${begin} to ${end} of ${dataLength}`);
  }
  const stored = STORED_DTYPES[dtype];
  assertFits(shape, stored.bytes, end - begin, where, name);
  return { name: key, stored, shape, begin, end };
}

/** A size of 0 must not hide that the product of the others overflows. */
function assertFits(shape: readonly number[], bytes: number, length: number, where: string, name: string): void {
  let size = 1;
  for (const n of shape) size *= Math.max(n, 1);
  if (size > Number.MAX_SAFE_INTEGER) throw damaged(name, `the shape of ${where} has more than 2^53 values`);
  if (shape.includes(0)) size = 0;
  if (size * bytes !== length) {
    throw damaged(name, `${where} needs ${size * bytes} bytes for shape (${shape.join(", ")}), but has ${length}`);
  }
}

function isIntegers(value: Json | undefined): value is readonly number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** The tensors must cover the data exactly: no hole could hide anything, and no byte belongs to two. */
function assertTiled(entries: readonly Entry[], dataLength: number, name: string): void {
  let at = 0;
  for (const { name: key, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) {
      const fault = begin < at ? "overlaps the tensor before it" : "leaves a hole before it";
      throw damaged(name, `tensor ${quote(key)} ${fault}: it begins at byte ${begin} instead of ${at}`);
    }
    at = end;
  }
  if (at !== dataLength) throw damaged(name, `${dataLength - at} bytes follow the last tensor`);
}
