import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeModel, encodeModel } from "../../src/formats/config-tree.ts";
import { joinBytes } from "../../src/formats/join-bytes.ts";
import { loadModel } from "../../src/index.ts";
import { readFile, writeFileAtomic } from "../../src/platform/node.ts";
import { modelOf, networkOf } from "./saved-models.ts";

let root = "";
let program = "";

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "gradwise-kill-"));
  program = join(root, "saving-process.mjs");
  const entryPoints = [fileURLToPath(new URL("saving-process.ts", import.meta.url))];
  // The package names the side effects of dist/, not of src/.
  const alias = { "#platform": fileURLToPath(new URL("../../src/platform/node.ts", import.meta.url)) };
  await build({
    entryPoints,
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: program,
    logLevel: "error",
    alias,
    ignoreAnnotations: true, // the package names the side effects of dist/, not of src/
  });
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Ending {
  readonly output: string;
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
}

/** With `killAfterMs`, kills the process that long after its first output. */
function run(args: readonly string[], killAfterMs?: number): Promise<Ending> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  if (killAfterMs !== undefined) child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), killAfterMs));
  return new Promise((done) => child.on("close", (code, signal) => done({ output, signal, code })));
}

/** A path in a folder of its own, holding model 0 unless it is to be new. */
async function place({ isNew = false } = {}): Promise<string> {
  const path = join(await mkdtemp(join(root, "case-")), "model.safetensors");
  if (!isNew) await writeFileAtomic(path, encodeModel(modelOf(0)));
  return path;
}

/** Which whole model a file holds; anything else fails. */
async function numberIn(path: string): Promise<number> {
  const bytes = await readFile(path);
  const [weights, step] = decodeModel(bytes, path).arrays;
  const number = step?.data[0] ?? -1;
  expect(Buffer.compare(bytes, joinBytes(encodeModel(modelOf(number, weights?.data.length))))).toBe(0);
  return number;
}

async function callsOf(path: string): Promise<string[]> {
  const { output, code } = await run([path, "trace"]);
  expect(code).toBe(0);
  return JSON.parse(output);
}

it("syncs before it renames, and the directory after", async () => {
  const calls = await callsOf(await place());
  const withoutRepeats = calls.filter((call, i) => call !== calls[i - 1]);
  expect(withoutRepeats).toEqual(["open", "chmod", "write", "sync", "close", "rename", "open", "sync", "close"]);
  expect(calls.filter((call) => call === "write").length).toBeGreaterThan(3);
});

it.each([{ isNew: false }, { isNew: true }])(
  "killed before any call, leaves the old or the new ($isNew)",
  async (how) => {
    const calls = await callsOf(await place(how));
    const renamed = calls.indexOf("rename");
    const kill = async (call: number, mode: "kill" | "half") => {
      const path = await place(how);
      expect((await run([path, mode, String(call)])).signal, calls[call]).toBe("SIGKILL");
      if (how.isNew && call <= renamed) expect(existsSync(path)).toBe(false);
      else expect(await numberIn(path), calls[call]).toBe(call <= renamed ? 0 : 1);
      expect((await readdir(join(path, ".."))).length).toBe(
        (call > 0 && call <= renamed ? 1 : 0) + (existsSync(path) ? 1 : 0),
      );
      await writeFileAtomic(path, encodeModel(modelOf(2)));
      expect(await numberIn(path)).toBe(2);
      expect(await readdir(join(path, ".."))).toEqual(["model.safetensors"]);
    };
    const firstWrite = calls.indexOf("write");
    const lastWrite = calls.lastIndexOf("write");
    // Of the many writes, the first two and the last will do.
    const chosen = [...calls.keys()].filter((call) => call < firstWrite + 2 || call >= lastWrite);
    await Promise.all([...chosen.map((call) => kill(call, "kill")), kill(firstWrite, "half")]);
  },
);

it("killed before any call of a network's own save, leaves the old or the new, which trains on", async () => {
  const path = join(await mkdtemp(join(root, "network-")), "net.safetensors");
  const old = await networkOf(0);
  await old.save(path);
  const { output, code } = await run([path, "trace", "-1", "network"]);
  expect(code).toBe(0);
  const calls: string[] = JSON.parse(output);
  const chosen = [...calls.keys()].filter((call) => calls[call] !== "write" || calls[call - 1] !== "write");
  for (const call of chosen) {
    await old.save(path);
    expect((await run([path, "kill", String(call), "network"])).signal, calls[call]).toBe("SIGKILL");
    const number = call <= calls.indexOf("rename") ? 0 : 1;
    const loaded = await loadModel(path);
    expect(loaded.name).toBe(`network ${number}`);
    for (const weight of loaded.getWeights()) expect(new Set(weight.dataSync())).toEqual(new Set([number]));
    expect(loaded.trainer?.state?.iterations.read().dataSync()[0]).toBe(number + 1);
    await loaded.fit([Array<number>(100).fill(1)], [Array<number>(50).fill(1)], { verbose: 0 });
  }
  expect(chosen.length).toBeGreaterThan(6);
});

it("whose disk fails at any call, says so, and leaves the old file and no other", async () => {
  const path = await place();
  const { output, code } = await run([path, "fail"]);
  expect(code).toBe(0);
  const failures: { call: string; message: string }[] = JSON.parse(output);
  const renamed = failures.findIndex(({ call }) => call === "rename");
  expect(renamed).toBeGreaterThan(5);
  expect(failures.length).toBeGreaterThan(renamed + 2);
  failures.forEach(({ message }, i) => {
    expect(message).toMatch(/^cannot write ".*model\.safetensors": the disk is full\. Free some space/);
    expect(message).toMatch(i <= renamed ? /A file that was there is unchanged\.$/ : /The new file is there/);
  });
  expect(await readdir(join(path, ".."))).toEqual(["model.safetensors"]);
});

it("killed at random moments of many saves, leaves a whole file", async () => {
  const path = await place();
  for (let round = 0; round < 6; round++) {
    expect((await run([path, "forever"], 40 * Math.random())).signal).toBe("SIGKILL");
    expect([0, 1]).toContain(await numberIn(path));
  }
  await writeFileAtomic(path, encodeModel(modelOf(2)));
  expect(await readdir(join(path, ".."))).toEqual(["model.safetensors"]);
});
