import { BYTES } from "../core/dtype.ts";
import { FormatError } from "../core/errors.ts";
import { shapeText, sizeOf } from "../core/shape.ts";
import type { NamedArray } from "./named-array.ts";
import { quote } from "./quote.ts";
import { STORED_NAMES } from "./safetensors-dtypes.ts";

/**
 * The bytes of a safetensors file, as chunks to write one after the other. All but the first are views of the arrays
 * themselves: write them before the arrays change.
 */
export function writeSafetensors(content: {
  readonly tensors: readonly NamedArray[];
  readonly metadata: Readonly<Record<string, string>>;
}): Uint8Array[] {
  assertNames(
    content.tensors.map(({ name }) => name),
    "tensor",
  );
  assertNames(Object.keys(content.metadata), "metadata entry");
  for (const tensor of content.tensors) assertWhole(tensor);
  // No holes are allowed between tensors, so the widest values come first: each tensor is aligned to its own values.
  const stored = [...content.tensors].sort((a, b) => BYTES[b.dtype] - BYTES[a.dtype]);
  const begins = new Map<string, number>();
  let at = 0;
  for (const { name, data } of stored) {
    begins.set(name, at);
    at += data.byteLength;
  }
  const fields = content.tensors.map(({ name, dtype, shape, data }) => {
    const begin = begins.get(name) ?? 0;
    const entry = { dtype: STORED_NAMES[dtype], shape, data_offsets: [begin, begin + data.byteLength] };
    return `${JSON.stringify(name)}:${JSON.stringify(entry)}`;
  });
  if (Object.keys(content.metadata).length > 0) fields.unshift(`"__metadata__":${metadataText(content.metadata)}`);
  return [headerBytes(`{${fields.join(",")}}`), ...stored.map(({ data }) => bytesOf(data))];
}

/** Length as eight little-endian bytes, then the header, filled with spaces so that the data starts at a multiple of 8. */
function headerBytes(header: string): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}

function bytesOf(data: NamedArray["data"]): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function metadataText(metadata: Readonly<Record<string, string>>): string {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string" || isBroken(value)) {
      throw new FormatError(
        `safetensors: metadata entry ${quote(key)} is not a string of whole characters. Encode it.`,
      );
    }
  }
  return JSON.stringify(metadata);
}

/** Half of a surrogate pair, which UTF-8 cannot hold. */
function isBroken(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function assertNames(names: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new FormatError(`safetensors: two ${what}s are named ${quote(name)}. Rename one.`);
    if (name === "__metadata__" || name === "__proto__" || isBroken(name)) {
      throw new FormatError(`safetensors: no ${what} can be named ${quote(name)}. Rename it.`);
    }
    seen.add(name);
  }
}

function assertWhole({ name, dtype, shape, data }: NamedArray): void {
  const bytes = sizeOf(shape) * BYTES[dtype];
  if (data.byteLength === bytes) return;
  const expected = `${dtype} of shape ${shapeText(shape)} takes ${bytes} bytes`;
  throw new FormatError(
    `safetensors: tensor ${quote(name)} has ${data.byteLength} bytes, but ${expected}. Reshape it.`,
  );
}
