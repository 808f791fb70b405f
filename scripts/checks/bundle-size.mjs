// What a browser downloads for a dense network: built library, bundled, minified, gzipped. Lazy parts do not count.
// esbuild is the pessimist among bundlers: of a namespace (`layers`) it keeps all, so others do no worse.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { ROOT } from "../project.mjs";

export const BUDGET = 80_000;

export const DENSE_NETWORK = `
import { layers, losses, optimizers, sequential } from "gradwise";
const net = sequential([layers.dense({ units: 25, activation: "relu" }), layers.dense({ units: 10 })]);
net.compile({ optimizer: optimizers.adam({ learningRate: 1e-3 }),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }), metrics: ["accuracy"] });
export { net };
`;

/**
 * Bytes, gzipped, of `contents` and all that it imports statically; the largest modules first.
 * @param {string} contents @param {string} [root] @returns {Promise<{ bytes: number, largest: [string, number][] }>}
 */
export async function bundleSize(contents, root = ROOT) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root, sourcefile: "page.js" },
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    minify: true,
    metafile: true,
    write: false,
    outdir: "out",
    tsconfigRaw: {},
    logLevel: "silent",
  });
  const texts = new Map(outputFiles.map(({ path, contents: bytes }) => [path.replaceAll("\\", "/"), bytes]));
  const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint === "page.js") ?? "";
  /** @type {Set<string>} */
  const first = new Set();
  /** @param {string} path */
  const take = (path) => {
    if (first.has(path)) return;
    first.add(path);
    for (const found of metafile.outputs[path]?.imports ?? []) if (found.kind === "import-statement") take(found.path);
  };
  take(entry);
  let bytes = 0;
  /** @type {[string, number][]} */
  const parts = [];
  for (const path of first) {
    const text = [...texts].find(([at]) => at.endsWith(`/${path}`))?.[1];
    if (text) bytes += gzipSync(text, { level: 9 }).length;
    const inputs = Object.entries(metafile.outputs[path]?.inputs ?? {});
    parts.push(...inputs.map(([name, { bytesInOutput }]) => /** @type {[string, number]} */ ([name, bytesInOutput])));
  }
  return { bytes, largest: parts.sort((a, b) => b[1] - a[1]).slice(0, 5) };
}

/** @returns {Promise<import("./source.mjs").Report>} */
export async function checkBundleSize(contents = DENSE_NETWORK, budget = BUDGET, root = ROOT) {
  const { bytes, largest } = await bundleSize(contents, root);
  const note = `${bytes} of ${budget} bytes gzipped`;
  if (bytes <= budget) return { problems: [], note };
  const todo = `Load formats lazily and keep modules free of side effects. Largest, minified: ${largest.map(([name, size]) => `${name} ${size}`).join(", ")}.`;
  return { problems: [{ file: "dist/index.js", got: `${bytes} bytes`, want: `at most ${budget}`, todo }], note };
}
