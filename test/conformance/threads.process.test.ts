import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleProgram } from "../support/bundle-program.ts";

const PROGRAM = `
if (process.env.WITHOUT === "SharedArrayBuffer") delete globalThis.SharedArrayBuffer;
const { compile, engine, matmul, ones, Variable } = await import("gradwise");
const x = new Variable(ones([256, 256]));
const y = new Variable(ones([256, 256]));
const step = compile(() => y.assign(matmul(x.read(), x.read())));
for (let at = 0; at < 60; at++) step();
await new Promise((done) => setTimeout(done, 500)); // workers load, compile, and fall asleep
const before = process.cpuUsage();
await new Promise((done) => setTimeout(done, 1000));
const { user, system } = process.cpuUsage(before);
const threads = engine.describe().split("\\n").at(-1);
console.log(JSON.stringify({ threads, idle: (user + system) / 1000, value: y.read().dataSync()[65535] }));
process.on("exit", () => process.stderr.write(String(Date.now())));
`;

let folder = "";
let program = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gradwise-threads-"));
  program = await bundleProgram(folder, { code: PROGRAM });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(env: Record<string, string>, flags: readonly string[] = []) {
  const child = await promisify(execFile)(process.execPath, [...flags, program], {
    env: { ...process.env, NODE_OPTIONS: "", ...env },
    timeout: 60_000,
  });
  const ended = Date.now() - Number(/(\d+)$/.exec(child.stderr)?.[1]);
  return { ...(JSON.parse(child.stdout) as { threads: string; idle: number; value: number }), ended };
}

describe("a process whose workers have started", () => {
  it("uses no processor time when it is idle, and ends by itself, at once", async () => {
    const { threads, idle, value, ended } = await run({ GRADWISE_THREADS: "3" });
    expect(threads).toBe("threads  3: as asked; 2 of them workers");
    expect(value).toBe(256);
    expect(idle).toBeLessThan(100);
    expect(ended).toBeLessThan(5000);
  }, 60_000);
});

describe("one thread computes", () => {
  it("where one is asked for", async () => {
    const { threads, value } = await run({ GRADWISE_THREADS: "1" });
    expect([threads, value]).toEqual(["threads  1: as asked", 256]);
  }, 60_000);

  it("where there is no shared memory", async () => {
    const { threads, value } = await run({ GRADWISE_THREADS: "2", WITHOUT: "SharedArrayBuffer" });
    expect([threads, value]).toEqual(["threads  1: threads need shared memory", 256]);
  }, 60_000);

  it("where workers are not allowed", async () => {
    const flag = process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission";
    const { threads, value } = await run({ GRADWISE_THREADS: "2" }, [flag, "--allow-fs-read=*", "--no-warnings"]);
    expect([threads, value]).toEqual(["threads  1: no worker could be started", 256]);
  }, 60_000);
});
