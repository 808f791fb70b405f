// What must not be in the repository: addresses of package registries, paths of somebody's machine.

// Spelled in parts, so that this file and its test pass.
const MACHINE_PATH = new RegExp(["", "work", ""].join("/"));
const REGISTRIES = ["registry.npmjs" + ".org", "registry.yarnpkg" + ".com", "files.pythonhosted" + ".org"];

/**
 * @param {string} text of package-lock.json @param {string} npmrc
 * @returns {import("./source.mjs").Report}
 */
export function checkLock(text, npmrc) {
  /** @type {import("./source.mjs").Problem[]} */
  const problems = [];
  if (!/^omit-lockfile-registry-resolved=true$/m.test(npmrc)) {
    const todo = "Without it npm writes the registry's address into the lock file.";
    problems.push({ file: ".npmrc", got: "no such line", want: "omit-lockfile-registry-resolved=true", todo });
  }
  text.split("\n").forEach((line, i) => {
    if (!/"resolved":\s*"[a-z+]+:\/\//.test(line)) return;
    const want = "no address in the lock file";
    problems.push({ file: "package-lock.json", line: i + 1, got: line.trim(), want, todo: "Run npm run lock." });
  });
  return { problems };
}

/**
 * @param {{ path: string, text: string }[]} files @returns {import("./source.mjs").Report}
 */
export function checkTracked(files) {
  /** @type {import("./source.mjs").Problem[]} */
  const problems = [];
  for (const { path, text } of files) {
    text.split("\n").forEach((line, i) => {
      const host = REGISTRIES.find((name) => line.includes(name));
      const machine = MACHINE_PATH.exec(line)?.[0];
      if (!host && !machine) return;
      const want = host ? "no registry's address" : "no path of one machine";
      const todo = host ? "Name the package only." : "Use a path relative to the repository.";
      problems.push({ file: path, line: i + 1, got: host ?? machine ?? "", want, todo });
    });
  }
  return { problems, note: `${files.length} files` };
}
