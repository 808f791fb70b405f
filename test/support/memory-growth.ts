import { setImmediate } from "node:timers/promises";

/** Resident memory once all that can be collected has been; finalizers run between turns. */
async function resident(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    globalThis.gc?.();
    await setImmediate();
  }
  return process.memoryUsage().rss;
}

/**
 * Runs `rounds` rounds, with a turn of the event loop every so often; gives what resident memory has grown by since the
 * first tenth. For *.process.test.ts, which have gc() at hand.
 */
export async function growth(
  rounds: number,
  round: (at: number) => void | Promise<void>,
  roundsATurn = 20,
): Promise<number> {
  if (globalThis.gc === undefined) throw new Error("run with --expose-gc: name the test *.process.test.ts");
  let early = 0;
  for (let at = 0; at < rounds; at++) {
    await round(at);
    if (at % roundsATurn === 0) await setImmediate();
    if (at === rounds / 10) early = await resident();
  }
  return (await resident()) - early;
}
