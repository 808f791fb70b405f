import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError } from "../core/errors.ts";
import { joinBytes } from "./join-bytes.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

const small = joinBytes(
  writeSafetensors({
    tensors: [
      { name: "w", dtype: "float32", shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) },
      { name: "mask", dtype: "bool", shape: [3], data: new Uint8Array([1, 0, 1]) },
      { name: "step", dtype: "int32", shape: [], data: new Int32Array([7]) },
    ],
    metadata: { format: "gradwise" },
  }),
);

/** A file of any header, whose length may lie. */
function fileOf(header: string | Uint8Array, dataLength: number, claimed?: bigint): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const entry = (dtype: string, shape: string, begin: number, end: number) =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;

function expectRefusal(bytes: Uint8Array, reason: RegExp): void {
  const read = () => readSafetensors(bytes, "bad.safetensors");
  expect(read).toThrow(FormatError);
  expect(read).toThrow(/^"bad\.safetensors": /);
  expect(read).toThrow(reason);
}

describe("a header whose length lies", () => {
  it.each([2n ** 63n, 2n ** 64n - 1n, 2n ** 32n + 2n, 100_000_001n])("%d", (length) => {
    expectRefusal(fileOf("{}", 0, length), /at most 100000000 are allowed/);
  });
  it("beyond the end of the file", () => expectRefusal(fileOf("{}", 0, 3n), /claims 3 bytes, but only 2 follow/));
  it("of no bytes", () => expectRefusal(fileOf("", 4), /does not start with "\{"/));
});

it.each([
  ["an overlap", `{"a":${entry("U8", "[4]", 0, 4)},"b":${entry("U8", "[4]", 2, 6)}}`, 6, /"b" overlaps/],
  ["one range twice", `{"a":${entry("U8", "[4]", 0, 4)},"b":${entry("U8", "[4]", 0, 4)}}`, 4, /overlaps/],
  ["reversed offsets", `{"a":${entry("U8", "[4]", 4, 0)}}`, 4, /"a" claims bytes 4 to 0 of 4/],
  ["a hole", `{"a":${entry("U8", "[2]", 0, 2)},"b":${entry("U8", "[2]", 3, 5)}}`, 5, /"b" leaves a hole/],
  ["a hole at the start", `{"a":${entry("U8", "[2]", 1, 3)}}`, 3, /hole/],
  ["trailing bytes", `{"a":${entry("U8", "[2]", 0, 2)}}`, 3, /1 bytes follow the last tensor/],
  ["data without tensors", "{}", 1, /1 bytes follow/],
  ["an end past the data", `{"a":${entry("U8", "[9]", 0, 9)}}`, 8, /claims bytes 0 to 9 of 8/],
  ["an end of 2^60", `{"a":${entry("U8", "[9]", 0, 2 ** 60)}}`, 8, /data_offsets/],
  ["negative offsets", `{"a":${entry("U8", "[1]", -1, 0)}}`, 8, /data_offsets/],
  ["fractional offsets", `{"a":${entry("U8", "[1]", 0, 0.5)}}`, 8, /data_offsets/],
  ["three offsets", '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}', 1, /data_offsets/],
  ["a product over 2^53", `{"a":${entry("U8", "[9007199254740991,3]", 0, 1)}}`, 1, /more than 2\^53/],
  ["a product hidden by 0", `{"a":${entry("U8", "[9007199254740991,3,0]", 0, 0)}}`, 0, /more than 2\^53/],
  ["a product that wraps to 0", `{"a":${entry("U8", "[4294967296,4294967296]", 0, 0)}}`, 0, /more than 2\^53/],
  ["a size over 2^53", `{"a":${entry("U8", "[9007199254740993]", 0, 1)}}`, 1, /the shape of tensor "a"/],
  ["a negative size", `{"a":${entry("U8", "[-1]", 0, 1)}}`, 1, /the shape of/],
  ["a rank of 65", `{"a":${entry("U8", `[${Array(65).fill(1)}]`, 0, 1)}}`, 1, /at most 64/],
  ["a shape that is no list", `{"a":${entry("U8", '"4"', 0, 4)}}`, 4, /the shape of/],
  ["too few bytes", `{"a":${entry("F32", "[2]", 0, 4)}}`, 4, /needs 8 bytes for shape \(2\), but has 4/],
  ["an unknown dtype", `{"a":${entry("F8_E4M3", "[1]", 0, 1)}}`, 1, /has dtype "F8_E4M3"; gradwise reads F64, F32/],
  ["a dtype of Object.prototype", `{"a":${entry("constructor", "[1]", 0, 1)}}`, 1, /has dtype "constructor"/],
  ["no dtype", '{"a":{"shape":[1],"data_offsets":[0,1]}}', 1, /"a" has no dtype/],
  ["a tensor that is a number", '{"a":1}', 0, /"a" is not described/],
  ["a name twice", `{"a":${entry("U8", "[0]", 0, 0)},"a":${entry("U8", "[0]", 0, 0)}}`, 0, /two entries "a"/],
  ["a field twice", '{"a":{"dtype":"U8","dtype":"F32","shape":[0],"data_offsets":[0,0]}}', 0, /two entries "dtype"/],
  ["__proto__", `{"__proto__":${entry("U8", "[0]", 0, 0)}}`, 0, /"__proto__"/],
  ["__proto__ in the metadata", '{"__metadata__":{"__proto__":"x"}}', 0, /"__proto__"/],
  ["metadata of numbers", '{"__metadata__":{"a":1}}', 0, /entry "a" is not a string/],
  ["metadata that is a list", '{"__metadata__":[]}', 0, /__metadata__ is not an object/],
  ["a list for a header", "[]", 0, /does not start with/],
  ["spaces before the header", " {}", 0, /does not start with/],
  ["no JSON", '{"a":', 0, /is not JSON/],
  ["depth", `{"a":${"[".repeat(1e5)}${"]".repeat(1e5)}}`, 0, /nested deeper/],
])("refuses %s", (_, header, dataLength, reason) => expectRefusal(fileOf(header, dataLength), reason));

it("refuses bytes that are not UTF-8, also overlong and half characters", () => {
  for (const bad of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x9f]]) {
    expectRefusal(fileOf(new Uint8Array([0x7b, 0x22, ...bad, 0x22, 0x7d]), 0), /not UTF-8/);
  }
});

it("refuses values that no dtype of ours holds", () => {
  const int64 = fileOf(`{"a":${entry("I64", "[2]", 0, 16)}}`, 16);
  new DataView(int64.buffer).setBigInt64(int64.length - 8, 2n ** 31n, true);
  expectRefusal(int64, /tensor "a": value 1 is 2147483648, which does not fit int32/);
  const bool = fileOf(`{"a":${entry("BOOL", "[3]", 0, 3)}}`, 3);
  bool[bool.length - 1] = 2;
  expectRefusal(bool, /tensor "a": value 2 is 2, but a bool is 0 or 1/);
});

it("quotes hostile names at bounded length", () => {
  const name = "x".repeat(1e6);
  try {
    readSafetensors(fileOf(`{"${name}":1}`, 0), name);
    expect.unreachable();
  } catch (error) {
    expect(String(error).length).toBeLessThan(500);
  }
});

it("refuses a file cut at any byte, or with a byte more", () => {
  expect(readSafetensors(small, "whole").tensors.length).toBe(3);
  for (let length = 0; length < small.length; length++) {
    expect(() => readSafetensors(small.subarray(0, length), "cut"), `${length}`).toThrow(FormatError);
  }
  expect(() => readSafetensors(joinBytes([small, new Uint8Array(1)]), "longer")).toThrow(FormatError);
});

it("meets random damage with a FormatError or a whole result, and nothing else", () => {
  const damage = fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  let refused = 0;
  fc.assert(
    fc.property(damage, (changes) => {
      const bytes = small.slice();
      for (const [at, value] of changes) bytes[at] = value;
      try {
        for (const { data, shape } of readSafetensors(bytes, "damaged").tensors) {
          expect(data.length).toBe(shape.reduce((size, n) => size * n, 1));
        }
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        refused++;
      }
    }),
    { numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(1000);
});
