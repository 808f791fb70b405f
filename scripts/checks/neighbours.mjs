// What lies beside what: a README in each folder of src/, and a test beside each concept.
import { posix } from "node:path";
import ts from "typescript";
import { isTest } from "./source.mjs";

export const README_LINES = 15;

// Folders where each file is one concept that a user can name.
const CONCEPTS = new Set(["ops", "activations", "initializers", "losses", "metrics", "layers", "optimizers",
  "schedules", "regularizers", "constraints", "callbacks"]); // biome-ignore format: one table, one look

/**
 * @param {import("./source.mjs").Source[]} sources those of src/
 * @param {(path: string) => string | null} read a file's text, or null when it is not there
 * @returns {import("./source.mjs").Report}
 */
export function checkNeighbours(sources, read) {
  const files = sources.filter(({ path }) => path.startsWith("src/"));
  const folders = new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf("/"))));
  const problems = [...folders].sort().flatMap((folder) => readmeProblems(folder, read));
  let concepts = 0;
  for (const source of files) {
    const [, folder = "", name] = source.path.split("/");
    if (!CONCEPTS.has(folder) || isTest(source.path) || name === "index.ts" || !hasCode(source)) continue;
    concepts++;
    const beside = source.path.replace(/\.ts$/, ".test.ts");
    const elsewhere = /^\/\/ tested by (\S+)$/m.exec(source.text)?.[1];
    if (read(elsewhere ?? beside) !== null) continue;
    const todo = "Write it, or say `// tested by src/other.test.ts` when one test covers several files.";
    problems.push({ file: source.path, got: "no test", want: elsewhere ?? beside, todo });
  }
  return { problems, note: `${folders.size} folders, ${concepts} concepts` };
}

/** What a README must say: a word that it cannot do so without. */
const SAYS = { "what it may import": /\bimports?\b/i, "which file to copy to add one": /\bcopy\b/i };

/**
 * @param {string} folder
 * @param {(path: string) => string | null} read
 * @returns {import("./source.mjs").Problem[]}
 */
function readmeProblems(folder, read) {
  const file = `${folder}/README.md`;
  const text = read(file);
  if (text === null) {
    const todo = "Write it: purpose, what it may import, and which file to copy to add one.";
    return [{ file, got: "no README", want: `one of at most ${README_LINES} lines`, todo }];
  }
  const lines = text.trimEnd().split("\n").length;
  if (lines > README_LINES)
    return [{ file, got: `${lines} lines`, want: `at most ${README_LINES}`, todo: "Move the rest to docs/." }];
  const unsaid = Object.entries(SAYS).filter(([, word]) => !word.test(text));
  const named = [...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, name = ""]) => name);
  const gone = named.filter((name) =>
    [`${folder}/${name}`, `src/${name}`, name].every((path) => read(posix.normalize(path)) === null),
  );
  return [
    ...unsaid.map(([what]) => ({ file, got: "nothing of it", want: what, todo: "Say it in a sentence." })),
    ...gone.map((name) => ({ file, got: `\`${name}\``, want: "a file that is there", todo: "Name it as it is now." })),
  ];
}

/** Whether a file does anything but declare types and re-export. @param {import("./source.mjs").Source} source */
function hasCode({ ast }) {
  return ast.statements.some((node) => {
    const declaresOnly = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
    return !declaresOnly && !ts.isImportDeclaration(node) && !ts.isExportDeclaration(node);
  });
}
