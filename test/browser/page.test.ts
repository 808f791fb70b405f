import { assert, equal, test } from "./harness.ts";

test("the page is isolated exactly when it was served so", ({ isolated }) => {
  equal(crossOriginIsolated, isolated);
  equal(typeof SharedArrayBuffer, isolated ? "function" : "undefined");
});

test("WebAssembly runs, with a memory that is shared only where it may be", ({ isolated }) => {
  // (module (func (export "f") (result i32) i32.const 42))
  const hex = "0061736d010000000105016000017f030201000705010166000" + "00a06010400412a0b";
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  assert(typeof f === "function", "the export f is a function");
  equal(f(), 42);
  const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: isolated });
  equal(buffer.constructor.name, isolated ? "SharedArrayBuffer" : "ArrayBuffer");
});
