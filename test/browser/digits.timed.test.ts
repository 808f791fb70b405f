import { expect, test } from "vitest";
import { DENSE } from "../../cli/digits/dense-network.ts";
import { loadDigitSets } from "../../cli/digits/digit-sets.ts";
import { fromNode, isolated } from "./page.ts";
import { type Trained, trainDigits } from "./train-digits.ts";
import { inThreeTries, quantile, waitsDuring } from "./turns.ts";

const EPOCHS = 8;

async function inWorker(): Promise<Trained> {
  const worker = new Worker(new URL("./digits.worker.js", location.href), { type: "module" });
  const answer = await new Promise<Trained | string>((done) => {
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = ({ message }) => done(`the worker failed: ${message}`);
    worker.postMessage(EPOCHS, { transfer: [] });
  });
  worker.terminate();
  if (typeof answer === "string") throw new Error(answer);
  return answer;
}

test("a worker learns the digits while the page goes on", async () => {
  await inThreeTries(async () => {
    let trained: Trained | undefined;
    const { timers } = await waitsDuring(async () => {
      trained = await inWorker();
    });
    expect(trained?.accuracy).toBeGreaterThan(0.85);
    expect(trained?.engine).toContain(isolated ? "in shared memory" : "in unshared memory");
    // Timers in a chain are 4 ms apart where nothing holds them up.
    expect(quantile(timers, 0.5)).toBeLessThan(10);
    expect(quantile(timers, 0.9)).toBeLessThan(40);
  });
});

test("the page's own thread learns the same bits as a worker and as Node", async () => {
  const [node, worker] = [(await fromNode("digits")) as Trained, await inWorker()];
  const here = await trainDigits(EPOCHS);
  expect(here).toEqual(worker);
  expect({ ...here, engine: "" }).toEqual({ ...node, engine: "" });
});

test("fit on the page's thread gives timers and frames their turns", async () => {
  const { train } = await loadDigitSets();
  const net = DENSE.make(0);
  const fit = (epochs: number) => net.fit(train.x, train.y, { epochs, batchSize: 32, seed: 0, verbose: 0 });
  await fit(1); // tracing and compiling a step is not what is measured
  await inThreeTries(async () => {
    const { timers, frames } = await waitsDuring(async () => {
      for (const end = performance.now() + 1500; performance.now() < end; ) await fit(20);
    });
    // fit yields after 40 ms. A busy machine adds to some waits: of the longest ones nothing is asked.
    for (const waits of [timers, frames]) {
      expect(waits.length).toBeGreaterThan(15);
      expect(quantile(waits, 0.5)).toBeLessThan(60);
      expect(quantile(waits, 0.9)).toBeLessThan(120);
    }
  });
});
