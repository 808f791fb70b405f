import { afterEach, expect, test, vi } from "vitest";
import { FormatError } from "../../src/core/errors.ts";
import * as platform from "../../src/platform/browser.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("files are read from addresses, whole", async () => {
  const bytes = await platform.readFile("/files/datasets/data/digits.gz");
  expect([...bytes.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  const [text, absolute] = [await platform.readFile("/files/package.json"), `${location.origin}/files/package.json`];
  expect(JSON.parse(new TextDecoder().decode(text))).toHaveProperty("name", "gradwise");
  expect(await platform.readFile(absolute)).toEqual(text);
});

test("what cannot be read is an error that says what the server said", async () => {
  const missing = platform.readFile("/files/no-such-file");
  await expect(missing).rejects.toThrow(FormatError);
  await expect(missing).rejects.toThrow(
    'cannot read "/files/no-such-file": the server answered 404 Not Found. Check the address.',
  );
  await expect(platform.readFile("http://127.0.0.1:9999/x")).rejects.toThrow(
    /cannot read .*Check the address, the network/,
  );
});

test("a file is saved as a download of its last name, chunk after chunk", async () => {
  const saved: { name: string; url: string }[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, url: this.href });
  });
  // A chunk may lie in the engine's heap, and that may be shared memory.
  const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: crossOriginIsolated });
  const heap = new Uint8Array(buffer, 16, 2);
  heap.set([2, 3]);
  await platform.writeFileAtomic("models/net.safetensors", [
    Uint8Array.of(1),
    heap,
    new Uint8Array(0),
    Uint8Array.of(4),
  ]);
  expect(saved.map(({ name }) => name)).toEqual(["net.safetensors"]);
  const response = await fetch(saved[0].url);
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([1, 2, 3, 4]);
});

test("a worker, which has no downloads, says how to save instead", async () => {
  const worker = new Worker(new URL("./platform.worker.js", location.href), { type: "module" });
  const answer = await new Promise((done) => {
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = ({ message }) => done(message);
  });
  worker.terminate();
  expect(answer).toEqual({
    write:
      'FormatError: cannot write "net.safetensors": a worker has no files and no downloads. Take the bytes with model.toBytes() and post them to the page.',
    read: "gradwise",
    turned: true,
  });
});

test("a turn lets timers that are due and messages that wait run first, and takes less than a timer's 4 ms", async () => {
  for (let round = 0; round < 20; round++) {
    const order: string[] = [];
    setTimeout(() => order.push("timer"));
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => order.push("message");
    port2.postMessage(null);
    for (const end = performance.now() + 6; performance.now() < end; );
    await platform.nextTurn();
    expect(order.sort()).toEqual(["message", "timer"]);
    port1.close();
  }
  const start = platform.now();
  for (let turn = 0; turn < 200; turn++) await platform.nextTurn();
  expect((platform.now() - start) / 200).toBeLessThan(4);
});

test("lines go to the console, each when it is complete", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  platform.stdout.write("Epoch 1/2\n125/125 - loss");
  platform.stdout.write(": 0.25\n\nrest");
  expect(log.mock.calls).toEqual([["Epoch 1/2"], ["125/125 - loss: 0.25"], [""]]);
  platform.stdout.write("\n");
  expect(log).toHaveBeenLastCalledWith("rest");
  expect(platform.stdout.isTerminal).toBe(false);
});

test("the surroundings have a name and a number of cores", () => {
  expect(platform.environment.runtime).toMatch(/^(Headless)?Chrome \d+$/);
  expect(platform.environment.cores).toBe(navigator.hardwareConcurrency);
});
