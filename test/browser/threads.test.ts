import { expect, test } from "vitest";
import { compile } from "../../src/engine/compile.ts";
import "../../src/engine/eager.ts";
import { describeEngine } from "../../src/engine/describe.ts";
import { Engine, withEngine } from "../../src/engine/engine.ts";
import { matmul, softmax } from "../../src/ops/index.ts";
import { tensor } from "../../src/ops/tensor.ts";
import { threadedEngine } from "../support/threaded-engine.ts";
import { isolated } from "./page.ts";

function products(engine: Engine): Float32Array {
  return withEngine(engine, () => {
    const x = tensor(Float32Array.from({ length: 301 * 67 }, (_, i) => Math.sin(i)), { shape: [301, 67] });
    return compile(() => softmax(matmul(x, x, { transposeB: true })))().dataSync() as Float32Array;
  });
} // biome-ignore format: short

test("workers start where the page is isolated, on its main thread too; elsewhere one thread computes", async () => {
  const engine = await threadedEngine(3);
  const threads = describeEngine(engine).split("\n").at(-1);
  expect(threads).toBe(isolated ? "threads  3: as asked; 2 of them workers" : "threads  1: threads need shared memory");
});

test("threads change no bits", async () => {
  const engine = await threadedEngine(3);
  const want = products(new Engine({ threads: 1 }));
  for (let round = 0; round < 20; round++) {
    expect(products(engine)).toEqual(want);
    await new Promise((done) => setTimeout(done, round));
  }
});
