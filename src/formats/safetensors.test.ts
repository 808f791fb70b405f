import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate, type DType } from "../core/dtype.ts";
import { FormatError } from "../core/errors.ts";
import { sizeOf } from "../core/shape.ts";
import { joinBytes } from "./join-bytes.ts";
import { type NamedArray, readSafetensors, writeSafetensors } from "./safetensors.ts";

const bytesOf = ({ data }: NamedArray) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
const byName = (tensors: readonly NamedArray[]) => new Map(tensors.map((tensor) => [tensor.name, tensor]));
const write = (tensors: readonly NamedArray[], metadata: Record<string, string> = {}) =>
  joinBytes(writeSafetensors({ tensors, metadata }));
const vector = (name: string, dtype: DType, length: number): NamedArray => ({
  name,
  dtype,
  shape: [length],
  data: allocate(dtype, length),
});

const text = fc.string({ unit: "binary", maxLength: 12 }).filter((s) => s !== "__proto__" && s !== "__metadata__");
const tensor = fc
  .record({
    name: text,
    dtype: fc.constantFrom<DType>("float32", "float64", "int32", "bool", "uint8", "uint32"),
    shape: fc.array(fc.nat(4), { maxLength: 4 }),
    seed: fc.infiniteStream(fc.nat(255)),
  })
  .map(({ name, dtype, shape, seed }): NamedArray => {
    const data = allocate(dtype, sizeOf(shape));
    const bytes = new Uint8Array(data.buffer);
    for (let i = 0; i < bytes.length; i++) bytes[i] = (seed.next().value ?? 0) & (dtype === "bool" ? 1 : 255);
    return { name, dtype, shape, data };
  });

it("reads back what it wrote, bit for bit, from bytes at any offset", () => {
  const content = fc.record({
    tensors: fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 8 }),
    metadata: fc.dictionary(text, text, { noNullPrototype: true }),
  });
  fc.assert(
    fc.property(content, fc.nat(7), ({ tensors, metadata }, offset) => {
      const file = write(tensors, metadata);
      const shifted = new Uint8Array(file.length + offset + 3).subarray(offset, offset + file.length);
      shifted.set(file);
      const read = readSafetensors(shifted, "file");
      expect(read.metadata).toEqual(metadata);
      expect(read.tensors.length).toBe(tensors.length);
      const found = byName(read.tensors);
      for (const expected of tensors) {
        const got = found.get(expected.name);
        expect(got).toMatchObject({ dtype: expected.dtype, shape: expected.shape });
        if (got !== undefined) expect(bytesOf(got)).toEqual(bytesOf(expected));
      }
    }),
  );
});

it("keeps the order of the arrays, aligns each to its own values, and copies what it reads", () => {
  const tensors = [vector("a", "uint8", 3), vector("b", "float64", 1), vector("c", "bool", 1), vector("d", "int32", 1)];
  const file = write(tensors);
  const read = readSafetensors(file, "file");
  expect(read.tensors.map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
  const headerLength = new DataView(file.buffer).getUint32(0, true);
  expect(headerLength % 8).toBe(0);
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerLength)));
  expect([header.b, header.d, header.a, header.c].map((entry) => entry.data_offsets[0])).toEqual([0, 8, 12, 15]);
  file.fill(255);
  expect(read.tensors.every(({ data }) => data.every((value) => value === 0))).toBe(true);
});

it("writes views, without a copy of the weights", () => {
  const weights = vector("w", "float32", 4);
  expect(writeSafetensors({ tensors: [weights], metadata: {} })[1]?.buffer).toBe(weights.data.buffer);
});

it("refuses to write what no reader could read back", () => {
  const a = vector("a", "float32", 2);
  expect(() => write([a, a])).toThrow(/two tensors are named "a"/);
  expect(() => write([{ ...a, shape: [3] }])).toThrow(/"a" has 8 bytes, but float32 of shape \(3,\) takes 12/);
  for (const name of ["__metadata__", "__proto__", "\ud800"])
    expect(() => write([{ ...a, name }])).toThrow(FormatError);
  expect(() => write([a], { key: "\udc00" })).toThrow(/metadata entry "key"/);
  expect(() => write([a], JSON.parse('{"__proto__":"x"}'))).toThrow(FormatError);
});

describe("against the reference implementation (test/golden/safetensors_files.py)", () => {
  const golden = (name: string) =>
    readFileSync(new URL(`../../test/golden/data/safetensors-${name}.safetensors`, import.meta.url));

  it("reads its files and writes the very same bytes", () => {
    const file = golden("plain");
    const { tensors, metadata } = readSafetensors(file, "plain");
    expect(metadata).toEqual({ format: "np" });
    const found = byName(tensors);
    expect([...found.keys()].sort()).toEqual(
      [
        "bytes",
        "double",
        "edges",
        "empty",
        'größe "x"\n字🙂',
        "int",
        "key",
        "layers/dense/vars/0",
        "mask",
        "scalar",
      ].sort(),
    );
    expect(found.get("double")?.data).toEqual(new Float64Array([0.1, -0, Number.POSITIVE_INFINITY, 5e-324, Math.PI]));
    expect(found.get("int")).toMatchObject({ dtype: "int32", shape: [2, 2] });
    expect(found.get("int")?.data).toEqual(new Int32Array([-(2 ** 31), -1, 0, 2 ** 31 - 1]));
    expect(found.get("key")?.data).toEqual(new Uint32Array([0, 2 ** 32 - 1, 2 ** 31]));
    expect(found.get("mask")).toMatchObject({ dtype: "bool", data: new Uint8Array([1, 0, 1]) });
    expect(found.get("scalar")).toMatchObject({ shape: [], data: new Float32Array([1.5]) });
    expect(found.get("empty")).toMatchObject({ shape: [2, 0, 3], data: new Float32Array(0) });
    expect(write(tensors, { ...metadata })).toEqual(new Uint8Array(file));
  });

  it.each(["float16", "bfloat16", "int64"])("converts %s as NumPy does", (name) => {
    const found = byName(readSafetensors(golden("converted"), "converted").tensors);
    const got = found.get(name);
    const expected = found.get(`${name} expected`);
    expect(got?.dtype).toBe(name === "int64" ? "int32" : "float32");
    expect(got?.shape).toEqual(expected?.shape);
    expect(got?.data.length).toBeGreaterThan(5);
    expect(got?.data).toEqual(expected?.data); // tells -0 from 0; any NaN equals any other
  });
});
