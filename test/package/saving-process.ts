/**
 * A process that saves a model and is killed, or whose disk fails, at one of its file system calls.
 * Arguments: the path, then "trace", "kill" <call>, "half" <call>, "fail" or "forever"; a fourth, "network", saves a
 * trained one by its public method. test/package/kill-while-saving.test.ts
 * bundles and runs it. It replaces the calls of node:fs beneath platform/node.ts, which knows nothing of this.
 */
import fs, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";
import { FormatError } from "../../src/core/errors.ts";
import { encodeModel } from "../../src/formats/config-tree.ts";
import { writeFileAtomic } from "../../src/platform/node.ts";
import { modelOf, networkOf } from "./saved-models.ts";

type Call = (this: unknown, ...args: never[]) => Promise<unknown>;

const [path = "", mode = "trace", at = "-1", what = "arrays"] = process.argv.slice(2);
const network = what === "network" ? await networkOf(1) : null;
let trace: string[] = [];
let chosen = Number(at);

async function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => setInterval(() => undefined, 1000));
}

function intercept(owner: object, name: string): void {
  const calls = owner as Record<string, Call>;
  const original = calls[name] as Call;
  calls[name] = async function (...args) {
    const isChosen = trace.push(name) - 1 === chosen;
    if (isChosen && mode === "kill") await die();
    if (isChosen && mode === "fail") throw Object.assign(new Error("injected"), { code: "ENOSPC" });
    if (name !== "write") return original.apply(this, args);
    // Every write writes half of what it is asked to: the caller must go on from there.
    const [chunk, from, length] = args as unknown as [Uint8Array, number, number];
    const written = await (this as FileHandle).writev([chunk.subarray(from, from + Math.ceil(length / 2))]);
    return isChosen && mode === "half" ? die() : { bytesWritten: written.bytesWritten };
  };
}

const open = fs.open;
fs.open = async (...args) => {
  const handle = await open(...args);
  for (const name of ["chmod", "write", "sync", "close"]) intercept(handle, name);
  return handle;
};
for (const name of ["open", "rename", "unlink"]) intercept(fs, name);
syncBuiltinESMExports();

if (mode === "forever") {
  for (let i = 0; ; i++) {
    await writeFileAtomic(path, encodeModel(modelOf(i % 2, 2 ** 18)));
    if (i === 0) console.log("saving");
  }
} else if (mode === "fail") {
  const failures: { call: string; message: string }[] = [];
  for (chosen = 0; ; chosen++) {
    trace = [];
    try {
      await writeFileAtomic(path, encodeModel(modelOf(1)));
      break;
    } catch (error) {
      const message = error instanceof FormatError ? error.message : `not a FormatError: ${error}`;
      failures.push({ call: trace[chosen] ?? "", message });
    }
  }
  console.log(JSON.stringify(failures));
} else {
  if (network === null) await writeFileAtomic(path, encodeModel(modelOf(1)));
  else await network.save(path);
  console.log(JSON.stringify(trace));
}
