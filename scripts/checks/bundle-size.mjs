// What a browser downloads for a dense network: built library, bundled, minified, gzipped. Lazy parts do not count.
// Rolldown is Vite's bundler. It drops what a namespace (`layers`) does not use; esbuild keeps all of it. The options are
// those that Vite gives it for a page: what lazy parts share with the page stays in its chunk, and nothing is kept for
// bundlers that might come after.
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
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
  // A file that is not there: it imports as one in the root would.
  const page = join(root, "page.js");
  const bundle = await rolldown({
    input: page,
    cwd: root,
    platform: "browser",
    preserveEntrySignatures: "allow-extension",
    resolve: { conditionNames: ["browser", "import"] },
    plugins: [
      {
        name: "page",
        resolveId: (id) => (id === page ? id : undefined),
        load: (id) => (id === page ? contents : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({
    format: "esm",
    minify: true,
    topLevelVar: true,
    comments: { annotation: false, jsdoc: false, legal: false },
  });
  await bundle.close();
  const chunks = new Map(output.flatMap((part) => (part.type === "chunk" ? [[part.fileName, part]] : [])));
  /** @type {Set<string>} */
  const first = new Set();
  /** @param {string} name */
  const take = (name) => {
    if (first.has(name)) return;
    first.add(name);
    for (const found of chunks.get(name)?.imports ?? []) take(found);
  };
  for (const chunk of chunks.values()) if (chunk.isEntry) take(chunk.fileName);
  let bytes = 0;
  /** @type {[string, number][]} */
  const parts = [];
  for (const name of first) {
    const chunk = chunks.get(name);
    if (chunk === undefined) continue;
    bytes += gzipSync(chunk.code, { level: 9 }).length;
    const modules = Object.entries(chunk.modules);
    parts.push(
      ...modules.map(
        ([path, { renderedLength }]) => /** @type {[string, number]} */ ([relative(root, path), renderedLength]),
      ),
    );
  }
  return { bytes, largest: parts.sort((x, y) => y[1] - x[1]).slice(0, 5) };
}

/** @returns {Promise<import("./source.mjs").Report>} */
export async function checkBundleSize(contents = DENSE_NETWORK, budget = BUDGET, root = ROOT) {
  const { bytes, largest } = await bundleSize(contents, root);
  const note = `${bytes} of ${budget} bytes gzipped`;
  if (bytes <= budget) return { problems: [], note };
  const todo = `Load formats lazily and keep modules free of side effects. Largest, before minifying: ${largest.map(([name, size]) => `${name} ${size}`).join(", ")}.`;
  return { problems: [{ file: "dist/index.js", got: `${bytes} bytes`, want: `at most ${budget}`, todo }], note };
}
