import { gzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { readGzip } from "./read-gzip.ts";

const url = new URL("https://example.org/data/digits.gz");
const serve = (body: Uint8Array<ArrayBuffer>, status = 200): void => {
  vi.stubGlobal("fetch", async () => new Response(body, { status }));
};

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("over the network it unpacks with DecompressionStream, as in a browser, and needs nothing of Node's", async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
  serve(Uint8Array.from(gzipSync(bytes)));
  const nodeOnly = vi.spyOn(process, "getBuiltinModule");
  expect(await readGzip(url)).toEqual(bytes);
  expect(nodeOnly).not.toHaveBeenCalled();
});

test("a missing or broken file is an error that names it and what to do", async () => {
  const message = /data\/digits\.gz: expected a readable gzip file\. Install \(or serve\) the package's data\/ again/;
  await expect(readGzip(new URL("data/digits.gz", import.meta.url))).rejects.toThrow(message);
  serve(Uint8Array.of(1, 2, 3), 404);
  await expect(readGzip(url)).rejects.toThrow(message);
  const whole = gzipSync(new Uint8Array(10_000).fill(3));
  serve(Uint8Array.from(whole.subarray(0, -1)));
  await expect(readGzip(url)).rejects.toThrow(message);
});
