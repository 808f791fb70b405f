import process from "node:process";
import { describe, expect, it } from "vitest";
import { kernelProfile, makeTile } from "../../src/backends/wasm/kernel-profile.ts";
import { tryWideTile } from "../../src/backends/wasm/try-wide-tile.ts";
import { describeEngine } from "../../src/engine/describe.ts";
import { Engine } from "../../src/engine/engine.ts";
import { EXACT_BITS, trainedBits } from "../support/exact-bits.ts";
import { partedBy } from "../support/force-partition.ts";
import { threadedEngine } from "../support/threaded-engine.ts";

// V8's flags are the whole process's and cannot be taken back: so this file has a process of its own, and an order.
const able = Number.parseInt(process.versions.node, 10) >= 24;
const narrow = makeTile(kernelProfile({ profile: "exact", wide: false }), "float32");
const wide = { ...narrow, vectors: 4, unroll: 2 };

describe("before the flag", () => {
  it("wide tiles are tried, and refused since they are slower", () => {
    expect(tryWideTile(narrow, wide)).toMatch(/^they are no faster on this machine \(0\.\d\d times the speed\)$/);
  });

  it("and refused for other bits, whatever their speed", () => {
    const wrong: typeof narrow = {
      ...wide,
      multiplyAdd: (f, lane, sum, x, y) => {
        f.get(x).get(y).op(lane.mul).get(sum).op("f32x4.sub").set(sum);
      },
    };
    expect(tryWideTile(narrow, wrong)).toBe("their bits differ on this machine");
  });

  it("nobody has them who has not asked", () => {
    expect(new Engine().kernels.wide).toBe(false);
  });
});

describe.runIf(!able)("where Node is too old", () => {
  it("says so, and computes as ever", async () => {
    const engine = new Engine({ wide: true });
    expect(engine.kernels.wide).toBe(false);
    expect(describeEngine(engine)).toMatch(/^wide +no: Node \d+\.\S+ has no wide vectors: they need Node 24$/m);
    expect(await trainedBits("rows", { wide: true })).toBe(EXACT_BITS.rows);
  });
});

describe.runIf(able)("wide vectors", () => {
  it("are switched on by an engine that asks, and used if they pass", () => {
    const engine = new Engine({ wide: true });
    expect(engine.kernels.wide).toBe(true);
    expect(describeEngine(engine)).toMatch(/^kernels .*(, in wide vectors; tiles of 6 x 16|, not in wide vectors: )/m);
    expect(describeEngine(engine)).toMatch(/^wide +asked for$/m);
  });

  it.each(["rows", "pictures"] as const)("change no bits of profile exact: a network of %s", async (network) => {
    expect(await trainedBits(network, { wide: true })).toBe(EXACT_BITS[network]);
    expect(await trainedBits(network)).toBe(EXACT_BITS[network]);
  });

  it.each([[2, 0], [2, 1], [3, 0]])("change none on %i threads, parted in way %i", async (threads, way) => {
    const engine = await threadedEngine(threads, new Engine({ threads, wide: true, profile: "exact" }));
    expect(describeEngine(engine)).toMatch(/ of them workers$/);
    const parted = await partedBy(way, async () => {
      expect(await trainedBits("rows", engine)).toBe(EXACT_BITS.rows);
      expect(await trainedBits("pictures", engine)).toBe(EXACT_BITS.pictures);
      expect(await trainedBits("sequences", engine)).toBe(EXACT_BITS.sequences);
    });
    expect(parted).toBeGreaterThan(100);
  }); // biome-ignore format: one line of cases
});
