import { describe, expect, it } from "vitest";
import { describeEngine } from "../../src/engine/describe.ts";
import { Engine, type EngineOptions, withEngine } from "../../src/engine/engine.ts";
import { ones } from "../../src/ops/full.ts";
import { matmul } from "../../src/ops/matmul.ts";

import { EXACT_BITS, type Network, trainedBits } from "../support/exact-bits.ts";

const NETWORKS = Object.keys(EXACT_BITS) as Network[];

/** Workers start when enough work has been seen, and load in a turn of the event loop. */
async function threadedEngine(threads: number): Promise<Engine> {
  const engine = new Engine({ profile: "exact", threads } as EngineOptions);
  withEngine(engine, () => {
    for (let runs = 0; runs < 200; runs++) matmul(ones([256, 256]), ones([256, 256])).dataSync();
  });
  await new Promise((done) => setTimeout(done, 100));
  return engine;
}

/** Threads need shared memory, and an engine that knows them. */
const threads =
  typeof SharedArrayBuffer !== "undefined" && /^threads /m.test(describeEngine(new Engine())) ? [1, 2, 3] : [];

// This file runs in Node 20 and 26, and in pages with shared memory and without.
describe("profile exact trains to the same bits everywhere", () => {
  it.each(NETWORKS)("a network of %s", async (network) => {
    expect(await trainedBits(network)).toBe(EXACT_BITS[network]);
  });

  it.each([true, false])("on either kind of memory, shared: %s", async (shared) => {
    expect(await trainedBits("sequences", { shared })).toBe(EXACT_BITS.sequences);
  });

  it.each(threads)("on %i threads", async (count) => {
    const engine = await threadedEngine(count);
    for (const network of NETWORKS) expect(await trainedBits(network, engine)).toBe(EXACT_BITS[network]);
    if (count > 1) expect(describeEngine(engine)).toContain(`${count - 1} of them workers`);
  });
});
