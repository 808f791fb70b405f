// Who may import whom. The table is the architecture: a folder that is not in it does not pass.
import { importsOf, isTest, resolve } from "./source.mjs";

const BELOW_ENGINE = ["core", "ir", "graph", "ops", "autodiff"];
const ENGINE = [...BELOW_ENGINE, "backends", "platform", "engine"];
const VOCABULARY = ["activations", "initializers", "losses", "metrics", "layers", "optimizers", "schedules",
  "regularizers", "constraints", "callbacks", "random"]; // biome-ignore format: one table, one look
const WORDS = [...BELOW_ENGINE, "engine", ...VOCABULARY];

/**
 * `may`: folders whose values may be imported; a folder may always import itself. `types: false` holds type-only
 * imports to the same list; elsewhere they are free, since they vanish. `lazy`: only by `import()`.
 * @typedef {{ may: readonly string[], types?: false, lazy?: readonly string[], packages?: readonly string[] }} Rule
 * @type {Readonly<Record<string, Rule>>}
 */
export const LAYERS = {
  core: { may: [], types: false },
  ir: { may: ["core"], types: false },
  graph: { may: ["core", "ir"] },
  ops: { may: ["core", "ir", "graph"] },
  autodiff: { may: ["core", "ir", "graph", "ops"] },
  backends: { may: ["core", "ir", "graph"], types: false },
  platform: { may: ["core"], types: false },
  formats: { may: ["core"], types: false, lazy: ["fflate", "h5wasm"] },
  engine: { may: [...BELOW_ENGINE, "backends", "platform"] },
  data: { may: [...WORDS, "platform"] },
  models: { may: [...WORDS, "data", "platform"], lazy: ["formats"] },
  ...Object.fromEntries(VOCABULARY.map((name) => [name, { may: WORDS }])),
  // src/*.ts: the public tables of contents
  index: { may: [...ENGINE, ...VOCABULARY, "data", "models", "formats"] },
};

/** @param {string} path @returns {string} the folder of src/ that a file lies in */
const layerOf = (path) => (path.split("/").length > 2 ? (path.split("/")[1] ?? "") : "index");

/** @param {import("./source.mjs").Source[]} sources @returns {import("./source.mjs").Report} */
export function checkLayers(sources) {
  /** @type {import("./source.mjs").Problem[]} */
  const problems = [];
  const files = sources.filter(({ path }) => path.startsWith("src/") && !isTest(path));
  for (const source of files) {
    const layer = layerOf(source.path);
    const rule = LAYERS[layer];
    if (!rule) {
      const todo = "Move the file, or add the folder to LAYERS in scripts/checks/layers.mjs and to src's README.";
      problems.push({ file: source.path, got: `the folder "${layer}"`, want: "one of the table of layers", todo });
      continue;
    }
    for (const found of importsOf(source)) {
      const problem = judge(source.path, layer, rule, found);
      if (problem) problems.push({ file: source.path, line: found.line, ...problem });
    }
  }
  return { problems, note: `${files.length} files` };
}

/** @param {string} path @param {string} layer @param {Rule} rule @param {import("./source.mjs").Import} found */
function judge(path, layer, rule, { specifier, kind }) {
  const { may, lazy = [], types = true } = rule;
  if (specifier === "#platform") {
    if (may.includes("platform")) return null;
    return {
      got: "an import of #platform",
      want: "none in this layer",
      todo: "Let the engine hand in what is needed.",
    };
  }
  if (!specifier.startsWith(".")) {
    if (/^src\/platform\/node(-files)?\.ts$/.test(path) && specifier.startsWith("node:")) return null;
    if (lazy.includes(specifier) && kind !== "value") return null;
    const todo = lazy.includes(specifier) ? "Load it by import()." : "src/ holds nothing of Node's and no packages.";
    return { got: `an import of "${specifier}"`, want: "relative imports", todo };
  }
  const target = resolve(path, specifier);
  if (!target.startsWith("src/")) {
    return { got: `an import of ${target}`, want: "files of src/", todo: "Nothing outside src/ is published." };
  }
  if (isTest(target))
    return { got: `an import of ${target}`, want: "no tests", todo: "Move what is shared out of the test." };
  const to = layerOf(target);
  if (to === layer || may.includes(to) || (kind === "type" && types)) return null;
  if (lazy.includes(to)) {
    if (kind === "lazy") return null;
    return { got: `a static import of ${target}`, want: "import()", todo: "It must not be in the first bundle." };
  }
  const list = may.length ? may.join(", ") : "nothing";
  const todo = "Move the code to where it belongs, or hand the value in as an argument.";
  return { got: `${kind} import of ${target}`, want: `src/${layer} imports from: ${list}`, todo };
}
