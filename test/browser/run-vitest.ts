/**
 * vitest's own runner and matchers in a page: a test file runs here unchanged, if it needs nothing of Node's. A file
 * `x.test.ts` of this folder runs in pages alone; the rest of the suite runs in Node and in pages.
 */
import type { RunnerTask, RunnerTestFile, VitestTestRunner } from "vitest";
import { startTests } from "vitest/internal/browser";

export interface Outcome {
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped";
  readonly message: string;
}

export interface Outcomes {
  readonly outcomes: readonly Outcome[];
  readonly milliseconds: number;
}

const TIMEOUT = 60_000;

/** Runs the tests that `load` registers when it imports the file named `path`. */
export async function runFile(path: string, load: () => Promise<unknown>): Promise<Outcomes> {
  const start = performance.now();
  const config: VitestTestRunner["config"] = {
    root: "/",
    name: undefined,
    setupFiles: [],
    passWithNoTests: false,
    testNamePattern: undefined,
    allowOnly: false,
    sequence: { seed: 0, hooks: "stack", setupFiles: "list" },
    chaiConfig: undefined,
    maxConcurrency: 1,
    testTimeout: TIMEOUT,
    hookTimeout: TIMEOUT,
    retry: 0,
    includeTaskLocation: false,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  };
  Object.assign(globalThis, { __vitest_worker__: { filepath: path, config, rpc: {}, providedContext: {} } });
  const files = await startTests([path], { config, importFile: load });
  return { outcomes: files.flatMap(outcomesOf), milliseconds: performance.now() - start };
}

function outcomesOf(file: RunnerTestFile): Outcome[] {
  const failed = allOf(file).filter((task) => task.type === "suite" && task.result?.errors?.length);
  const tests = allOf(file).filter((task) => task.type === "test");
  return [...failed, ...tests].map((task) => {
    const state = task.result?.state === "pass" ? "passed" : task.result?.state === "fail" ? "failed" : "skipped";
    const errors = (task.result?.errors ?? []).map((error) => [error.stack ?? error.message, error.diff].join("\n"));
    return { name: nameOf(task), state, message: errors.join("\n").trim() };
  });
}

function allOf(task: RunnerTask): RunnerTask[] {
  return task.type === "suite" ? [task, ...task.tasks.flatMap(allOf)] : [task];
}

function nameOf(task: RunnerTask): string {
  return task.suite === undefined || task.suite === task.file ? task.name : `${nameOf(task.suite)} > ${task.name}`;
}
