import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { loadModel } from "gradwise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleProgram } from "../test/support/bundle-program.ts";
import { loadDigitSets } from "./digits/digit-sets.ts";

let root = "";
let program = "";

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "gradwise-cli-"));
  program = await bundleProgram(root, "cli/main.ts");
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Ending {
  readonly output: string;
  readonly errors: string;
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly last: string;
}

/** Runs the program in a folder of its own to its end; `onOutput` sees all that was printed so far. */
async function run(
  args: readonly string[],
  onOutput: (child: ChildProcess, output: string) => void = () => {},
): Promise<Ending & { folder: string }> {
  const folder = await mkdtemp(join(root, "run-"));
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (text) => {
    output += text;
    onOutput(child, output);
  });
  child.stderr.on("data", (text) => {
    errors += text;
  });
  const code = await new Promise<number | null>((done) => child.on("close", done));
  const lines = output.trimEnd().split("\n");
  return { folder, output, errors, code, lines, last: lines.at(-1) ?? "" };
}

/** The share of test digits that the model in a file reads right. */
async function accuracyOf(path: string): Promise<number> {
  const { test: held } = await loadDigitSets();
  const predicted = (await (await loadModel(path)).predict(held.x)).argMax({ axis: 1 }).dataSync();
  return held.labels.filter((label, i) => predicted[i] === label).length / held.labels.length;
}

test("trains, shows, saves, loads again and ends with the test accuracy", async () => {
  const { code, errors, output, last, folder } = await run([]);
  expect([code, errors]).toEqual([0, ""]);
  const accuracy = Number(/^test accuracy (0\.\d{3})$/.exec(last)?.[1]);
  expect(accuracy).toBeGreaterThanOrEqual(0.9);
  expect(output).toContain(`test ${accuracy.toFixed(3)}.\n`);
  expect(output).toMatch(/^Epoch 20\/20\n125\/125 .* - val_accuracy: 0\.9\d{3}$/m);
  expect(output).toMatch(/^truth +0 +1 +2 +3 +4 +5 +6 +7 +8 +9 +recall$/m);
  expect(output).toMatch(/^truth \d, wrong/m);
  expect(output).toContain("loaded again, it predicts the same, bit for bit.");
  // No escapes in a pipe: neither a live bar nor colours.
  expect(output).not.toContain("\x1b");
  expect(output).not.toContain("\r");
  expect(await accuracyOf(join(folder, "models", "digits.safetensors"))).toBe(accuracy);
});

test("--conv trains convolutions, and shows, saves and loads them likewise", { timeout: 120_000 }, async () => {
  const { code, errors, output, last, folder } = await run(["--conv", "--epochs", "1"]);
  expect([code, errors]).toEqual([0, ""]);
  const accuracy = Number(/^test accuracy (0\.\d{3})$/.exec(last)?.[1]);
  expect(accuracy).toBeGreaterThan(0.8);
  expect(output).toMatch(/conv2d_1 \(Conv2D\)/);
  expect(output).toMatch(/^Epoch 1\/1\n125\/125 /m);
  expect(output).toMatch(/^truth +0 +1 +2 +3 +4 +5 +6 +7 +8 +9 +recall$/m);
  expect(output).toContain("loaded again, it predicts the same, bit for bit.");
  expect(await accuracyOf(join(folder, "models", "digits-conv.safetensors"))).toBe(accuracy);
});

test("the same seed prints the same but for times, another seed does not", async () => {
  const untimed = ({ output }: Ending): string => output.replace(/[\d.]+(us|ms|s)\b/g, "T").replace(/in [\d.]+ s/, "T");
  const [first, again, other] = await Promise.all(
    ["3", "3", "4"].map((seed) => run(["--epochs", "2", "--seed", seed])),
  );
  expect(untimed(again)).toBe(untimed(first));
  expect(untimed(other)).not.toBe(untimed(first));
});

test("several seeds: a line each, and their mean at the end", async () => {
  const { code, lines, last, folder } = await run(["--seeds", "3", "--epochs", "4", "--seed", "5"]);
  expect(code).toBe(0);
  const tests = lines.flatMap((line) => (/^ +[567] .*(\d\.\d{3})$/.exec(line) ?? []).slice(1)).map(Number);
  expect(tests).toHaveLength(3);
  const mean = Number(/^test accuracy (0\.\d{3})$/.exec(last)?.[1]);
  expect(Math.abs(tests.reduce((sum, accuracy) => sum + accuracy, 0) / 3 - mean)).toBeLessThan(0.0011);
  expect(await readdir(folder)).toEqual([]);
});

// On Windows a signal ends a process without asking it.
test.skipIf(process.platform === "win32").each([
  ["one SIGINT", 1],
  ["a SIGINT that npm forwards", 2],
])("%s stops training, and what was learned is shown and saved", async (_, presses) => {
  let sent = false;
  const { code, errors, output, last, folder } = await run(
    ["--epochs", "100000", "--save", "here/cut.safetensors"],
    (child, text) => {
      if (sent || !text.includes("Epoch 3/")) return;
      sent = true;
      for (let i = 0; i < presses; i++) child.kill("SIGINT");
    },
  );
  expect([code, errors]).toEqual([0, ""]);
  expect(output).toMatch(/^Ctrl-C stopped training in epoch \d+, after \d+\.\d s\.$/m);
  const accuracy = Number(/^test accuracy (0\.\d{3})$/.exec(last)?.[1]);
  expect(accuracy).toBeGreaterThan(0.7);
  expect(await accuracyOf(join(folder, "here", "cut.safetensors"))).toBe(accuracy);
});

test("help, and messages for mistakes, with their exit codes", async () => {
  const help = await run(["--help"]);
  expect([help.code, help.lines[0], help.errors]).toEqual([0, "npm start [-- OPTIONS]", ""]);
  const mistake = await run(["--sedes", "5"]);
  expect([mistake.code, mistake.output]).toEqual([2, ""]);
  expect(mistake.errors).toBe(
    "npm start: Unknown option '--sedes'. There are: --help, --conv, --epochs, --seed, --seeds, --save.\n" +
      "npm start -- --help says more.\n",
  );
});

test("a model that cannot be written is a message, not a stack", async () => {
  const { code, errors } = await run(["--epochs", "1", "--save", `${program}/sub/digits.safetensors`]);
  expect(code).toBe(1);
  expect(errors).toMatch(/^npm start: .*digits\.safetensors.*\n$/);
});

test("a reader that has seen enough ends the program quietly", async () => {
  const { code, errors } = await run([], (child) => child.stdout?.destroy());
  expect([code, errors]).toEqual([0, ""]);
});
