import fc from "fast-check";
import { expect, it } from "vitest";
import { FormatError } from "../core/errors.ts";
import { parseJson } from "./json.ts";

const parse = (text: string) => parseJson(text, "here");

it("parses what JSON.parse parses, to the same value", () => {
  fc.assert(
    fc.property(fc.json({ depthSize: "medium" }), fc.boolean(), (text, spaced) => {
      const value: unknown = JSON.parse(text);
      fc.pre(!text.includes("__proto__"));
      expect(parse(spaced ? JSON.stringify(value, null, 2) : text)).toEqual(value);
    }),
  );
  expect(parse(String.raw`{"a\\":1,"a\"b":["{","}",":",","],"a":"\\"}`)).toEqual({
    "a\\": 1,
    'a"b': ["{", "}", ":", ","],
    a: "\\",
  });
});

it("refuses what JSON.parse refuses, as a FormatError", () => {
  const texts = ["", "{", "[1,]", '{"a"}', '{"a":1,}', '"', '"\\', "nul", "{]", "]", ":", "[:]", "1 2", "NaN"];
  for (const text of texts) {
    expect(() => JSON.parse(text), text).toThrow();
    expect(() => parse(text), text).toThrow(FormatError);
    expect(() => parse(text), text).toThrow(/^here is not JSON/);
  }
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ua1 ') }), (text) => {
      let fails = false;
      try {
        JSON.parse(text);
      } catch {
        fails = true;
      }
      if (fails) expect(() => parse(text)).toThrow(FormatError);
    }),
    { numRuns: 2000 },
  );
});

it("refuses two entries of one name, however they are spelt, in one object only", () => {
  expect(() => parse('{"a":1,"b":{"c":[{"d":0,"a":0},{"d":1}]},"a":2}')).toThrow(/here has two entries "a"/);
  expect(() => parse(String.raw`{"a":1,"\u0061":2}`)).toThrow(/two entries "a"/);
  expect(() => parse('[{"k":1},{"x":{"k":1,"k" :1}}]')).toThrow(/two entries "k"/);
  expect(parse('[{"k":1},{"k":{"k":1}}]')).toEqual([{ k: 1 }, { k: { k: 1 } }]);
  expect(parse('{"a":"a","b":"a"}')).toEqual({ a: "a", b: "a" });
});

it('refuses "__proto__" as a key, not as a value', () => {
  expect(() => parse('{"a":{"__proto__":{"polluted":1}}}')).toThrow(/"__proto__"/);
  expect(() => parse(String.raw`{"__pr\u006fto__":1}`)).toThrow(/"__proto__"/);
  expect(parse('{"a":"__proto__"}')).toEqual({ a: "__proto__" });
  expect(parse('{"constructor":1}')).toEqual({ constructor: 1 });
});

it("refuses depth and numbers of values that would exhaust the memory", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(JSON.stringify(parse(nested(256)))).toBe(nested(256));
  expect(() => parse(nested(257))).toThrow(/nested deeper than 256/);
  expect(() => parse("[".repeat(1e6))).toThrow(/nested deeper/);
  expect(() => parse('{"a":'.repeat(1e5))).toThrow(/nested deeper/);
  expect(() => parse(`[${"[],".repeat(1e6)}1]`)).toThrow(/more than 1000000 values/);
});

it("is linear in a text of quotes and backslashes", () => {
  const start = performance.now();
  for (const piece of ['\\"', "\\\\", '"', '\\\\"']) {
    expect(() => parse(`"${piece.repeat(1e6)}`)).toThrow(FormatError);
  }
  expect(performance.now() - start).toBeLessThan(5000);
});
