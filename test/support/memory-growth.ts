import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { bundleProgram } from "./bundle-program.ts";

/** What is done again and again, as source text: `round` may use what `setup` declares, and `at`, its number. */
export interface Repeated {
  readonly setup: string;
  readonly round: string;
  /** Rounds before anything is measured: V8 takes what it keeps of code and of young objects at first. */
  readonly warm: number;
  readonly rounds: number;
}

export interface Growth {
  /** Bytes of resident memory. */
  readonly grown: number;
  /** MiB of the engine's heap at the end. */
  readonly heap: number;
}

/**
 * What resident memory grows by in `rounds` rounds, each followed by a turn of the event loop, once all that can be
 * collected has been. In a process of its own: a test runner's keeps more with each round than the library does.
 */
export async function memoryGrowth(repeated: Repeated, env: Record<string, string> = {}): Promise<Growth> {
  const folder = await mkdtemp(join(tmpdir(), "gradwise-memory-"));
  try {
    const program = await bundleProgram(folder, { code: programOf(repeated) });
    const flags = ["--expose-gc", "--max-semi-space-size=2"];
    const options = { env: { ...process.env, NODE_OPTIONS: "", ...env }, timeout: 200_000 };
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, program], options);
    return JSON.parse(stdout) as Growth;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function programOf({ setup, round, warm, rounds }: Repeated): string {
  return `
    import { setImmediate } from "node:timers/promises";
    import { engine } from "gradwise";
    ${setup}
    async function resident() {
      for (let turn = 0; turn < 4; turn++) {
        gc();
        await setImmediate();
      }
      return process.memoryUsage().rss;
    }
    let early = 0;
    for (let at = 0; at < ${warm + rounds}; at++) {
      if (at === ${warm}) early = await resident();
      ${round}
      await setImmediate();
    }
    const grown = (await resident()) - early;
    console.log(JSON.stringify({ grown, heap: Number(/([\\d.]+) MiB/.exec(engine.describe())[1]) }));
  `;
}
