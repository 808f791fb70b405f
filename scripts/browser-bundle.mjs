// The tests as modules for a page: one module a test file, which runs it, so that a page makes few requests. vitest and
// fast-check are modules of their own, which the browser compiles once. What only Node has stays out.
import { mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ROOT } from "./project.mjs";

const HEAP = "src/engine/heap.ts";
/** Loads the library anew, as a module of its own: that has a heap, too. */
const FRESH = "test/browser/fresh-gradwise.ts";
const LIBRARY = { gradwise: join(ROOT, "src/index.ts"), "@gradwise/datasets": join(ROOT, "datasets/src/index.ts") };
const TOOLS = /** @type {Record<string, string>} */ ({
  vitest: `export * from "vitest"; export { startTests } from "vitest/internal/browser";`,
  // Node searches for counterexamples; a page tries a few cases, always the same.
  "fast-check": `import fc from "fast-check"; fc.configureGlobal({ seed: 1, numRuns: 20 });
    export * from "fast-check"; export default fc;`,
});

/** @param {string} path */
const fromRoot = (path) => relative(ROOT, path).split(sep).join("/");
/** @param {string} path */
const moduleOf = (path) => path.replace(/\.ts$/, ".js");

/**
 * `modules`: by address. `nodeOnly`: tests that import what only Node has. `onHeap`: tests with an engine's heap in
 * them, shared memory in one page and not in the other; to the rest both pages are the same.
 * @typedef {{ modules: Map<string, Uint8Array>, nodeOnly: string[], onHeap: string[] }} Bundle
 * @param {string[]} tests @param {string[]} workers @returns {Promise<Bundle>}
 */
export async function bundleForBrowser(tests, workers) {
  /** @param {string} path @param {string} namespace */
  const entry = (path, namespace) => ({ in: namespace + path, out: path.replace(/\.ts$/, "") });
  const [tools, { outputFiles, metafile }] = await Promise.all([
    build({
      ...common("browser", [virtual("tool", (name) => TOOLS[name] ?? "")]),
      entryPoints: Object.keys(TOOLS).map((name) => entry(name, "tool:")),
    }),
    build({
      ...common("browser", [virtual("run", runnerOf), substitutes, nodeModules, addresses("browser")]),
      entryPoints: [
        ...tests.map((path) => entry(path, "run:")),
        ...workers.map((path) => entry(path, "./")),
        { in: "./src/index.ts", out: "gradwise" },
      ],
    }),
  ]);
  /** @param {(output: import("esbuild").Metafile["outputs"][string]) => boolean | undefined} condition */
  const where = (condition) =>
    tests.filter((path) => {
      const output = metafile?.outputs[`out/${moduleOf(path)}`];
      return output && condition(output);
    });
  const files = [...(tools.outputFiles ?? []), ...(outputFiles ?? [])];
  return {
    modules: new Map(files.map(({ path, contents }) => [fromRoot(path).slice("out/".length), contents])),
    nodeOnly: where(({ imports }) => imports.some(({ path }) => path.startsWith("node:"))),
    onHeap: where(({ inputs }) => HEAP in inputs || FRESH in inputs),
  };
}

/** Bundles `path` for this Node, and calls its default export. @param {string} path @returns {Promise<unknown>} */
export async function runInNode(path) {
  const outfile = join(ROOT, "node_modules/.cache/gradwise/browser", path.replace(/\.ts$/, ".mjs"));
  mkdirSync(dirname(outfile), { recursive: true });
  await build({ ...common("node", [addresses("node")]), entryPoints: [path], outfile, write: true });
  return (await import(pathToFileURL(outfile).href)).default();
}

/** @param {"browser" | "node"} platform @param {import("esbuild").Plugin[]} plugins @returns {import("esbuild").BuildOptions} */
function common(platform, plugins) {
  return {
    absWorkingDir: ROOT,
    ...(platform === "browser" ? { outdir: "out" } : {}),
    bundle: true,
    ignoreAnnotations: true, // package.json lists the built modules that have side effects, not these
    format: "esm",
    platform,
    target: "es2023",
    conditions: platform === "browser" ? ["browser"] : [],
    alias: { ...LIBRARY, "#platform": join(ROOT, `src/platform/${platform}.ts`) },
    tsconfigRaw: {},
    plugins,
    metafile: true,
    write: false,
    logLevel: "warning",
  };
}

/** @param {string} path */
const runnerOf = (path) => `import { runFile } from "./test/browser/run-vitest.ts";
  export const run = () => runFile("${path}", () => import("./${path}"));`;

/** Modules NAMESPACE:NAME whose text `textOf` gives. @param {string} namespace @param {(name: string) => string} textOf */
const virtual = (namespace, textOf) =>
  /** @type {import("esbuild").Plugin} */ ({
    name: namespace,
    setup({ onResolve, onLoad }) {
      const filter = new RegExp(`^${namespace}:`);
      onResolve({ filter }, ({ path }) => ({ path: path.slice(namespace.length + 1), namespace }));
      onLoad({ filter: /./, namespace }, ({ path }) => ({ contents: textOf(path), resolveDir: ROOT }));
    },
  });

/** Modules of test/support/ that test/browser/ has a page's version of. */
const SUPPORT = /support\/(engines|fresh-gradwise)\.ts$/;

/** @type {import("esbuild").Plugin} */
const substitutes = {
  name: "substitutes",
  setup({ onResolve }) {
    onResolve({ filter: SUPPORT }, ({ path, importer }) => {
      const instead = join(ROOT, "test/browser", basename(path));
      return importer === instead ? null : { path: instead };
    });
    onResolve({ filter: /^(vitest|fast-check)(\/|$)/ }, ({ path }) => ({
      path: `/modules/${path.split("/")[0]}.js`,
      external: true,
    }));
  },
};

/** `import.meta.url` means the source file, of which the server has a copy under /files/. @param {string} platform */
const addresses = (platform) =>
  /** @type {import("esbuild").Plugin} */ ({
    name: "addresses",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/, namespace: "file" }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        if (!text.includes("import.meta.url")) return null;
        const here =
          platform === "node"
            ? JSON.stringify(pathToFileURL(path).href)
            : `new URL(${JSON.stringify(`/files/${fromRoot(path)}`)}, location.origin).href`;
        return { contents: text.replaceAll("import.meta.url", here), loader: "ts" };
      });
    },
  });

const READER = join(ROOT, "test/browser/node-fs.ts");
const READS = /import \{ readFileSync \} from "node:fs"/;

/** A Node module in src/ is an error; a test that needs one runs in Node only, unless files to read are all it needs. */
const nodeModules = /** @type {import("esbuild").Plugin} */ ({
  name: "node-modules",
  setup({ onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path, importer }) => {
      const from = fromRoot(importer);
      const mayNot =
        from.startsWith("src/") && !from.endsWith(".test.ts") && !/^src\/platform\/node(-files)?\.ts$/.test(from);
      if (mayNot) return { errors: [{ text: `${from} imports ${path}: src/ holds nothing of Node's` }] };
      const onlyReads = READS.test(readFileSync(importer, "utf8"));
      return path === "node:fs" && onlyReads ? { path: READER } : { path, external: true };
    });
  },
});
