// Builds the library into dist/ (one module a file, with declarations), the command line into dist-cli/ and the examples
// into dist-examples/. The last two keep `gradwise` as an import, which Node resolves to this very package.
//
// The library is emitted file by file with TypeScript's own transpiler, which isolatedDeclarations makes possible. Bundling
// it first would turn `export * as layers` into an object built at load time: Rolldown (Vite) then keeps every layer in a
// user's page, where it drops the unused ones of these modules. esbuild keeps them all either way.
//
// Node gets the same library in a few files, dist/node/: opening some 350 modules one by one takes ten times as long.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import ts from "typescript";
import { filesUnder, ROOT } from "./project.mjs";

/** @type {import("esbuild").BuildOptions} */
const FOR_NODE = {
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: true,
  sourcesContent: false,
  tsconfigRaw: {}, // else tsconfig's `paths` would put a second library into the bundle
  logLevel: "warning",
};

emit("src", "dist");
await bundleForNode();
emit("datasets/src", "datasets/dist");
await bundle("cli/main.ts", "dist-cli", (path) => path.replace("cli/", ""));
await bundle("examples/*/main.ts", "dist-examples", (path) => path.replace("examples/", ""));

/** @param {string} from @param {string} to */
function emit(from, to) {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.build.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, ROOT);
  const compilerOptions = { ...options, noEmit: false };
  rmSync(join(ROOT, to), { recursive: true, force: true });
  const problems = [];
  for (const path of filesUnder(from, { match: /(?<!\.test)\.ts$/ })) {
    const text = readFileSync(join(ROOT, path), "utf8");
    const out = path.replace(from, to).replace(/\.ts$/, "");
    const fileName = join(ROOT, path);
    const js = ts.transpileModule(text, { compilerOptions: { ...compilerOptions, removeComments: true }, fileName });
    const types = ts.transpileDeclaration(text, { compilerOptions, fileName, reportDiagnostics: true });
    problems.push(...(types.diagnostics ?? []));
    const sources = JSON.stringify([`${"../".repeat(out.split("/").length - 1)}${path}`]);
    write(`${out}.js`, js.outputText);
    write(`${out}.js.map`, (js.sourceMapText ?? "").replace(/"sources":\[[^\]]*\]/, `"sources":${sources}`));
    // The compiler rewrites `./x.ts` to `./x.js` in code, but not in declarations.
    write(`${out}.d.ts`, withoutRepeats(types.outputText).replace(/(from |import\()"(\.[^"]*)\.ts"/g, '$1"$2.js"'));
  }
  if (problems.length) {
    console.error(
      ts.formatDiagnostics(problems, { ...ts.sys, getCanonicalFileName: (name) => name, getNewLine: () => "\n" }),
    );
    process.exit(1);
  }
}

/**
 * TypeScript 6.0 declares a method `[Symbol.x]()` of a class, emitted file by file, a second time as a property, with its
 * comment: two of one name are an error where `skipLibCheck` is off. @param {string} text
 */
function withoutRepeats(text) {
  return text.replace(/(?: *\/\*\*[^\n]*\*\/\n)? *(\[Symbol\.\w+\]): \([^\n]*\n/g, (property, name) =>
    text.includes(`${name}(`) ? "" : property,
  );
}

/** @param {string} path @param {string} text */
function write(path, text) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}

/** Lazy parts stay files of their own. */
async function bundleForNode() {
  await build({
    ...FOR_NODE,
    entryPoints: [join(ROOT, "dist/index.js")],
    inject: [join(ROOT, "dist/engine/threads-at-once.js")],
    outdir: join(ROOT, "dist/node"),
  });
}

/** @param {string} pattern @param {string} outdir @param {(path: string) => string} name */
async function bundle(pattern, outdir, name) {
  rmSync(join(ROOT, outdir), { recursive: true, force: true });
  const match = new RegExp(`^${pattern.replace("*", "[^/]+").replaceAll(".", "\\.")}$`);
  const paths = filesUnder(pattern.split("/")[0] ?? "", { match });
  if (paths.length === 0) return;
  const { dependencies = {} } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  await build({
    entryPoints: Object.fromEntries(paths.map((path) => [name(path).replace(/\.ts$/, ""), join(ROOT, path)])),
    ...FOR_NODE,
    outdir: join(ROOT, outdir),
    external: ["gradwise", "gradwise/*", "@gradwise/*", "#platform", ...Object.keys(dependencies)],
  });
}
