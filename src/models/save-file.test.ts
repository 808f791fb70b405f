import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bits, smallData, smallModel } from "../../test/support/small-data.ts";
import * as gradwise from "../index.ts";

const { loadModel } = gradwise;
const { x, y } = smallData(40);
let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gradwise-save-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("a model in a file", () => {
  it("is there whole, between two steps of a fit, too", async () => {
    const model = smallModel(gradwise);
    await model.fit(x, y, { epochs: 1, verbose: 0, seed: 1 });
    const path = join(directory, "small.safetensors");
    const controller = new AbortController();
    const running = model.fit(x, y, { epochs: 1e6, signal: controller.signal, seed: 1, verbose: 0 });
    for (let i = 0; i < 3; i++) await model.save(path);
    controller.abort();
    await running;
    const [steps] = (await loadModel(path)).trainer?.state?.iterations.read().dataSync() ?? [];
    expect(steps).toBeGreaterThan(2);
    await model.save(path);
    expect(await readdir(directory)).toEqual(["small.safetensors"]);
    const loaded = await loadModel(path);
    expect(bits(loaded)).toEqual(bits(model));
    const on = { epochs: 2, seed: 4, verbose: 0 } as const;
    await Promise.all([loaded.fit(x, y, on), model.fit(x, y, on)]);
    expect(bits(loaded)).toEqual(bits(model));
  });

  it("that cannot be written leaves nothing behind", async () => {
    const path = join(directory, "nowhere", "model.safetensors");
    await expect(smallModel(gradwise).save(path)).rejects.toThrow(
      /cannot write ".*model\.safetensors": there is no such directory/,
    );
    await expect(stat(join(directory, "nowhere"))).rejects.toThrow();
    await expect(loadModel(join(directory, "none.safetensors"))).rejects.toThrow("there is no such file");
  });
});
