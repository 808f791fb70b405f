import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { completed, systemOf } from "../../scripts/complete-lock.mjs";
import { sourceHash, whyInstall } from "../../scripts/ensure.mjs";
import { filesUnder } from "../../scripts/project.mjs";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gradwise-set-up-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
}

describe("whyInstall", () => {
  const INSTALLED = "node_modules/.package-lock.json";
  const lock = (version: string) => ({ packages: { "": {}, "node_modules/a": { version } } });

  test("nothing is wanted without a lock file, all is without node_modules", () => {
    expect(whyInstall(root)).toBeNull();
    write("package-lock.json", lock("1.0.0"));
    expect(whyInstall(root)).toBe("no packages are installed");
  });

  test("equal versions are enough, whatever the times; another version is not", () => {
    write("package-lock.json", lock("1.0.0"));
    write(INSTALLED, lock("1.0.0"));
    expect(whyInstall(root)).toBeNull();
    write("package-lock.json", lock("1.0.1"));
    expect(whyInstall(root)).toBe("a: the lock file has 1.0.1, installed is 1.0.0");
  });

  test("an optional package of another system may be missing, a required one may not", () => {
    const other = (optional: boolean) => ({ packages: { "node_modules/b": { version: "2.0.0", optional } } });
    write(INSTALLED, { packages: {} });
    write("package-lock.json", other(true));
    expect(whyInstall(root)).toBeNull();
    write("package-lock.json", other(false));
    expect(whyInstall(root)).toContain("installed is none");
  });

  test("an interrupted install is done again, and so is a broken workspace link", () => {
    write("package-lock.json", lock("1.0.0"));
    write(INSTALLED, '{ "packages": {');
    expect(whyInstall(root)).toBe("no packages are installed");
    const link = { packages: { "node_modules/w": { link: true } } };
    write("package-lock.json", link);
    write(INSTALLED, link);
    expect(whyInstall(root)).toContain("w: the lock file has a link");
  });
});

test("sourceHash follows sources and their names, not tests or builds", () => {
  write("src/a.ts", "1");
  const before = sourceHash(root);
  write("src/a.test.ts", "1");
  write("dist/a.js", "1");
  write("datasets/dist/a.d.ts", "1");
  expect(sourceHash(root)).toBe(before);
  write("src/b.ts", "");
  const after = sourceHash(root);
  expect(after).not.toBe(before);
  write("src/b.ts", "2");
  expect(sourceHash(root)).not.toBe(after);
});

test("filesUnder lists sources sorted, leaves out installed and built ones, and a missing folder holds none", () => {
  for (const path of ["x/b.ts", "x/a/c.ts", "x/node_modules/d.ts", "x/dist/e.ts", "x/f.json"]) write(path, "");
  expect(filesUnder("x", { root, match: /\.ts$/ })).toEqual(["x/a/c.ts", "x/b.ts"]);
  expect(filesUnder("y", { root })).toEqual([]);
});

describe("complete-lock", () => {
  test("a binary's system is in its name", () => {
    expect(systemOf("@oxlint/binding-linux-arm64-musl")).toEqual({ cpu: ["arm64"], libc: ["musl"], os: ["linux"] });
    expect(systemOf("@biomejs/cli-darwin-x64")).toEqual({ cpu: ["x64"], os: ["darwin"] });
    expect(systemOf("@oxc-parser/binding-win32-ia32-msvc")).toEqual({ cpu: ["ia32"], os: ["win32"] });
    expect(systemOf("@oxlint/binding-linux-arm-gnueabihf")).toEqual({ cpu: ["arm"], libc: ["glibc"], os: ["linux"] });
    expect(systemOf("fsevents")).toBeNull();
  });

  test("missing binaries are added once, in order, and nothing else is touched", () => {
    const tool = {
      version: "1.0.0",
      dev: true,
      optionalDependencies: { "@t/linux-x64": "1.0.0", "@t/darwin-x64": "1.0.0" },
    };
    const packages = {
      "": {},
      "node_modules/@t/linux-x64": { version: "1.0.0", optional: true },
      "node_modules/tool": tool,
    };
    const { packages: all, added } = completed(packages);
    expect(added).toEqual(["@t/darwin-x64@1.0.0"]);
    expect(Object.keys(all)).toEqual([
      "",
      "node_modules/@t/darwin-x64",
      "node_modules/@t/linux-x64",
      "node_modules/tool",
    ]);
    expect(all["node_modules/@t/darwin-x64"]).toEqual({
      version: "1.0.0",
      dev: true,
      optional: true,
      cpu: ["x64"],
      os: ["darwin"],
    });
    expect(completed(all).added).toEqual([]);
  });
});
