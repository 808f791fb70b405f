import { expect, test } from "vitest";
import { Engine, engine } from "../../src/engine/engine.ts";
import { ENGINES } from "../support/engines.ts";
import { isolated } from "./page.ts";

test("the page is isolated exactly when it was served so", () => {
  expect(crossOriginIsolated).toBe(isolated);
  expect(typeof SharedArrayBuffer).toBe(isolated ? "function" : "undefined");
});

test("WebAssembly runs, with a memory that is shared only where it may be", () => {
  // (module (func (export "f") (result i32) i32.const 42))
  const hex = "0061736d010000000105016000017f030201000705010166000" + "00a06010400412a0b";
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as { f: () => number };
  expect(f()).toBe(42);
  const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: isolated });
  expect(buffer.constructor.name).toBe(isolated ? "SharedArrayBuffer" : "ArrayBuffer");
});

test("one backend is tried beside the reference: the one whose memory is this page's", () => {
  expect(ENGINES.map(({ name }) => name)).toEqual([
    "reference",
    isolated ? "wasm on shared memory" : "wasm on unshared memory",
  ]);
  expect(ENGINES[1].use(() => engine().heap.shared)).toBe(isolated);
  expect(new Engine().heap.shared).toBe(isolated);
});
