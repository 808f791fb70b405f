/**
 * Tests that run in a page. A file `x.test.ts` of this folder registers its tests by `test(name, fn)`; it is loaded in
 * two pages, one cross-origin isolated (SharedArrayBuffer there) and one not. A file `x.worker.ts` is served as
 * `./x.worker.js`, and the repository's files under `/files/`.
 */
export interface Page {
  /** Whether this page was served to be cross-origin isolated. */
  readonly isolated: boolean;
}

export interface Outcome {
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped";
  readonly message: string;
}

type TestBody = (page: Page) => void | Promise<void>;

const registered: { name: string; body: TestBody }[] = [];

class Skipped extends Error {}

export function test(name: string, body: TestBody): void {
  if (registered.some((other) => other.name === name)) throw new Error(`Two tests are named "${name}".`);
  registered.push({ name, body });
}

/** Ends the running test as skipped. */
export function skip(why: string): never {
  throw new Skipped(why);
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Equal as JSON, or the same value; -0 and NaN are told apart from 0 and null. */
export function equal(got: unknown, want: unknown, what = "value"): void {
  assert(Object.is(got, want) || text(got) === text(want), `${what}: got ${text(got)}, expected ${text(want)}`);
}

export function close(got: number, want: number, tolerance: number, what = "value"): void {
  assert(Math.abs(got - want) <= tolerance, `${what}: got ${got}, expected ${want} within ${tolerance}`);
}

/** Passes when `body` throws or rejects with a message that `pattern` matches. */
export async function throws(body: () => unknown, pattern: RegExp): Promise<void> {
  let message: string;
  try {
    await body();
    message = "";
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  assert(message !== "", `expected an error like ${pattern}, nothing was thrown`);
  assert(pattern.test(message), `expected an error like ${pattern}, got "${message}"`);
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return `${part}n`;
    if (typeof part === "number" && (Object.is(part, -0) || !Number.isFinite(part)))
      return Object.is(part, -0) ? "-0" : `${part}`;
    if (ArrayBuffer.isView(part) && !(part instanceof DataView))
      return Array.from(part as unknown as ArrayLike<number>);
    return part;
  });
}

/** Runs what was registered, one test after the other. The page calls it, once the test file has loaded. */
export async function runAll(page: Page, timeout: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { name, body } of registered) {
    let timer = 0;
    const late = new Promise<never>((_, reject) => {
      timer = window.setTimeout(() => reject(new Error(`not done within ${timeout / 1000} s`)), timeout);
    });
    try {
      await Promise.race([Promise.resolve().then(() => body(page)), late]);
      outcomes.push({ name, state: "passed", message: "" });
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (error instanceof Skipped) outcomes.push({ name, state: "skipped", message: error.message });
      else
        outcomes.push({
          name,
          state: "failed",
          message: message.includes(String(error)) ? message : `${error}\n${message}`,
        });
    } finally {
      clearTimeout(timer);
    }
  }
  return outcomes;
}
