import { spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = new URL("../../", import.meta.url);

/** The project's own scripts, which are plain JavaScript. */
interface Scripts {
  readonly ensureBuilt: () => Promise<void>;
  readonly packInto: (folder: string) => Promise<{ archive: string }>;
  readonly checkBundleSize: (contents?: string, budget?: number, root?: string) => Promise<{ problems: object[] }>;
  readonly bundleSize: (contents: string, root: string) => Promise<{ bytes: number }>;
}

async function scripts(): Promise<Scripts> {
  const paths = ["scripts/ensure.mjs", "scripts/checks/package.mjs", "scripts/checks/bundle-size.mjs"];
  const modules = await Promise.all(paths.map((path) => import(new URL(path, ROOT).href) as Promise<object>));
  return Object.assign({}, ...modules) as Scripts;
}

/** What each resolver of modules asks of a project. */
const RESOLVERS = {
  bundler: { module: "ESNext", moduleResolution: "Bundler" },
  nodenext: { module: "NodeNext", moduleResolution: "NodeNext" },
};

const STRICT = {
  target: "ES2022",
  types: [],
  strict: true,
  declaration: true,
  isolatedDeclarations: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  skipLibCheck: false,
};

let folder = "";

/** Runs a command in the consumer's project, as from a terminal: without what vitest sets. Gives what it printed. */
function run(command: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env["PATH"], HOME: folder, npm_config_cache: join(folder, ".npm") };
  const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (text) => {
      output[name] += text;
    });
  }
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0) done(output.stdout);
      else fail(new Error(`${command} ${args.join(" ")}: exit code ${code}\n${output.stdout}${output.stderr}`));
    });
  });
}

/** A tool of this repository, by path: the consumer has nothing but the library. */
const tool = (path: string, ...args: string[]): Promise<string> =>
  run(process.execPath, [fileURLToPath(new URL(`node_modules/${path}`, ROOT)), ...args]);

const node = (...args: string[]): Promise<string> => run(process.execPath, args);

/** The program printed what a network that learned prints. */
function expectLearned(printed: string): void {
  const { first, last, accuracy, same } = JSON.parse(printed) as Record<string, number | boolean>;
  expect(first).toBeGreaterThan(1);
  expect(last).toBeLessThan(0.5 * (first as number));
  expect(accuracy).toBeGreaterThan(0.9);
  expect(same, "the network saved and loaded predicts the same").toBe(true);
}

beforeAll(async () => {
  const { ensureBuilt, packInto } = await scripts();
  await ensureBuilt();
  folder = await realpath(await mkdtemp(join(tmpdir(), "gradwise-consumer-")));
  await cp(new URL("consumer", import.meta.url), folder, { recursive: true });
  const { archive } = await packInto(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", archive]);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it("the tarball brings what it lists, and no other package", async () => {
  const packages = (await readdir(join(folder, "node_modules"))).filter((name) => !name.startsWith("."));
  expect(packages).toEqual(["gradwise"]);
  const inside = await readdir(join(folder, "node_modules/gradwise"));
  expect(inside.sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json", "src"]);
});

describe.each(Object.entries(RESOLVERS))("with module resolution %s", (name, resolver) => {
  it("the strictest settings find nothing wrong, and the program learns", { timeout: 120_000 }, async () => {
    const compilerOptions = { ...STRICT, ...resolver, outDir: `out-${name}`, rootDir: "." };
    await writeFile(join(folder, `${name}.json`), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
    expect(await tool("typescript/bin/tsc", "-p", `${name}.json`)).toBe("");
    const declared = await readFile(join(folder, `out-${name}/main.d.ts`), "utf8");
    expect(declared).toContain('readonly x: Tensor<[number, number], "float32">;');
    expectLearned(await node(`out-${name}/main.js`));
  });
});

describe("bundled by Vite for production", () => {
  it("for Node, the program learns without the package beside it", { timeout: 120_000 }, async () => {
    await tool("vite/bin/vite.js", "build", "--ssr", "main.ts", "--outDir", "elsewhere/server");
    const text = await readFile(join(folder, "elsewhere/server/main.js"), "utf8");
    expect(text).not.toMatch(/from ?"gradwise"/);
    expectLearned(await node("elsewhere/server/main.js"));
  });

  it("for a page, it has nothing of Node's in it, and learns", { timeout: 120_000 }, async () => {
    await tool("vite/bin/vite.js", "build", "--outDir", "page");
    const assets = await readdir(join(folder, "page/assets"));
    const texts = await Promise.all(assets.map((name) => readFile(join(folder, "page/assets", name), "utf8")));
    for (const text of texts) {
      expect(text).not.toMatch(/["'`]node:|\brequire\(|__vite-browser-external|process\.(?:env|versions|stdout)/);
    }
    const entry = assets.find((name) => name.startsWith("index-")) ?? "";
    expect(assets.length, "what is loaded when it is asked for is not in the first chunk").toBeGreaterThan(1);
    // All that a page has and Node 20 has not, which this program comes by.
    const page = 'globalThis.navigator ??= { userAgent: "Chrome/156.0", hardwareConcurrency: 1 };';
    expectLearned(await node("--import", `data:text/javascript,${encodeURIComponent(page)}`, `page/assets/${entry}`));
  });

  it("a page with a dense network keeps to the budget", { timeout: 60_000 }, async () => {
    const { checkBundleSize } = await scripts();
    const { problems } = await checkBundleSize(undefined, undefined, folder);
    expect(problems).toEqual([]);
  });

  it("what a page does not name is not in it", { timeout: 60_000 }, async () => {
    const { bundleSize } = await scripts();
    const [one, all] = await Promise.all([
      bundleSize('import { sequential } from "gradwise"; export { sequential };', folder),
      bundleSize('export * from "gradwise";', folder),
    ]);
    expect(one.bytes).toBeGreaterThan(10_000);
    expect(one.bytes).toBeLessThan(0.85 * all.bytes);
  });
});
