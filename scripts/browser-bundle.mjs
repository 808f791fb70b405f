// The tests as modules for a page. Each test file becomes an entry that runs it; what only Node has stays out.
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ROOT } from "./project.mjs";

/** @param {string} path */
const fromRoot = (path) => relative(ROOT, path).split(sep).join("/");
const LIBRARY = { gradwise: join(ROOT, "src/index.ts"), "@gradwise/datasets": join(ROOT, "datasets/src/index.ts") };

/**
 * The modules by address, and the tests that import what only Node has.
 * @param {string[]} tests @param {string[]} workers
 * @returns {Promise<{ modules: Map<string, Uint8Array>, nodeOnly: string[] }>}
 */
export async function bundleForBrowser(tests, workers) {
  const { outputFiles, metafile } = await build({
    ...common("browser"),
    entryPoints: [
      ...tests.map((path) => ({ in: `run:${path}`, out: path.replace(/\.ts$/, "") })),
      ...workers.map((path) => ({ in: join(ROOT, path), out: path.replace(/\.ts$/, "") })),
    ],
    outdir: join(ROOT, "out"),
    chunkNames: "chunks/[hash]",
    splitting: true,
    metafile: true,
    write: false,
  });
  const nodeOnly = tests.filter((path) => needsNode(metafile, `out/${path.replace(/\.ts$/, ".js")}`));
  const modules = outputFiles.map(({ path, contents }) => /** @type {const} */ ([fromRoot(path).slice(4), contents]));
  return { modules: new Map(modules), nodeOnly };
}

/** Bundles `path` for this Node, and calls its default export. @param {string} path @returns {Promise<unknown>} */
export async function runInNode(path) {
  const outfile = join(ROOT, "node_modules/.cache/gradwise/browser", path.replace(/\.ts$/, ".mjs"));
  mkdirSync(dirname(outfile), { recursive: true });
  await build({ ...common("node"), entryPoints: [join(ROOT, path)], outfile });
  return (await import(pathToFileURL(outfile).href)).default();
}

/** @param {"browser" | "node"} platform @returns {import("esbuild").BuildOptions} */
function common(platform) {
  return {
    bundle: true,
    ignoreAnnotations: true, // package.json lists the built modules that have side effects, not these
    format: "esm",
    platform,
    target: "es2023",
    conditions: platform === "browser" ? ["browser"] : [],
    alias: { ...LIBRARY, "#platform": join(ROOT, `src/platform/${platform}.ts`) },
    tsconfigRaw: {},
    plugins: [addresses(platform), ...(platform === "browser" ? [entries, nodeModules] : [])],
    logLevel: "warning",
  };
}

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

/** @type {import("esbuild").Plugin} */
const entries = {
  name: "entries",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^run:/ }, ({ path }) => ({ path: path.slice(4), namespace: "run" }));
    onLoad({ filter: /./, namespace: "run" }, ({ path }) => ({
      contents: `import { runFile } from "./test/browser/run-vitest.ts";
        export const run = () => runFile("${path}", () => import("./${path}"));`,
      resolveDir: ROOT,
    }));
  },
};

const READER = join(ROOT, "test/browser/node-fs.ts");
const READS = /import \{ readFileSync \} from "node:fs"/;

/** A Node module in src/ is an error; a test that needs one runs in Node only, unless files to read are all it needs. */
const nodeModules = /** @type {import("esbuild").Plugin} */ ({
  name: "node-modules",
  setup({ onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path, importer }) => {
      const from = fromRoot(importer);
      const mayNot = from.startsWith("src/") && !/\.test\.ts$/.test(from) && from !== "src/platform/node.ts";
      if (mayNot) return { errors: [{ text: `${from} imports ${path}: src/ holds nothing of Node's` }] };
      const onlyReads = READS.test(readFileSync(importer, "utf8"));
      return path === "node:fs" && onlyReads ? { path: READER } : { path, external: true };
    });
  },
});

/** @param {import("esbuild").Metafile} metafile @param {string} output */
function needsNode({ outputs }, output, seen = new Set()) {
  if (seen.has(output)) return false;
  seen.add(output);
  /** @type {boolean} */
  const found = (outputs[output]?.imports ?? []).some(({ path, external }) =>
    external ? path.startsWith("node:") : needsNode({ inputs: {}, outputs }, path, seen),
  );
  return found;
}
