import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile as read,
  readdir,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FormatError } from "../core/errors.ts";
import * as node from "./node.ts";
import type { Platform } from "./platform.ts";

vi.stubGlobal("navigator", {
  userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  hardwareConcurrency: 6,
});
const browser = await import("./browser.ts");
const platforms: Readonly<Record<string, Platform>> = { node, browser };

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "gradwise-platform-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it("exports the same names for Node and for a browser", () => {
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
});

describe.each(Object.entries(platforms))("%s", (_, platform) => {
  it("has a clock that advances and turns of the event loop that let others run", async () => {
    const start = platform.now();
    let timerRan = false;
    setTimeout(() => {
      timerRan = true;
    }, 1);
    let turns = 0;
    while (!timerRan && turns++ < 1e5) await platform.nextTurn();
    expect(timerRan).toBe(true);
    expect(platform.now()).toBeGreaterThan(start);
  });

  it("draws seeds of 32 bits", () => {
    const seeds = Array.from({ length: 64 }, () => platform.randomSeed());
    expect(new Set(seeds).size).toBeGreaterThan(60);
    for (const seed of seeds) expect(seed >>> 0).toBe(seed);
  });

  it("knows its surroundings", () => {
    expect(platform.environment.cores).toBeGreaterThan(0);
    expect(platform.stdout.columns).toBeGreaterThan(0);
    expect(typeof platform.stdout.isTerminal).toBe("boolean");
  });
});

it("reads settings from the environment where there is one, and says why vectors stay narrow", () => {
  vi.stubEnv("GRADWISE_TEST", "yes");
  expect(node.setting("GRADWISE_TEST")).toBe("yes");
  vi.unstubAllEnvs();
  expect([node.setting("GRADWISE_TEST"), browser.setting("GRADWISE_TEST")]).toEqual([null, null]);
  expect(browser.widenVectors()).toBe("a page cannot set V8's flags");
});

describe("files in Node", () => {
  it("writes chunks one after the other and reads them back", async () => {
    const path = join(directory, "a.bin");
    await node.writeFileAtomic(path, [new Uint8Array([1, 2]), new Uint8Array(0), new Uint8Array([3])]);
    expect([...(await node.readFile(path))]).toEqual([1, 2, 3]);
    await node.writeFileAtomic(path, new Uint8Array(0));
    expect((await node.readFile(path)).length).toBe(0);
    expect(await readdir(directory)).toEqual(["a.bin"]);
  });

  it("keeps the mode of the file it replaces, and writes through a link", async () => {
    const path = join(directory, "a.bin");
    const link = join(directory, "link.bin");
    await writeFile(path, "old");
    await chmod(path, 0o640);
    await symlink(path, link);
    await node.writeFileAtomic(link, new Uint8Array([7]));
    expect([...(await read(path))]).toEqual([7]);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });

  it("says what is wrong with a path", async () => {
    await expect(node.readFile(join(directory, "none.keras"))).rejects.toThrow(/none\.keras": there is no such file/);
    await expect(node.readFile(directory)).rejects.toThrow(/not a regular file/);
    await expect(node.writeFileAtomic(directory, new Uint8Array(1))).rejects.toThrow(/not a regular file/);
    const inside = node.writeFileAtomic(join(directory, "no", "a.bin"), new Uint8Array(1));
    await expect(inside).rejects.toThrow(FormatError);
    await expect(inside).rejects.toThrow(/no such directory\. Create it first/);
    await expect(node.writeFileAtomic(join(directory, "x".repeat(300)), new Uint8Array(1))).rejects.toThrow(/too long/);
    expect(await readdir(directory)).toEqual([]);
  });

  it("saves under names of every legal length and script", async () => {
    for (const name of ["x".repeat(255), "字".repeat(80), "🙂".repeat(60)]) {
      await node.writeFileAtomic(join(directory, name), new Uint8Array([1]));
      expect(await readdir(directory)).toEqual([name]);
      await rm(join(directory, name));
    }
  });

  it("removes temporaries of dead processes only", async () => {
    const prefix = `.a.bin.${hostname().slice(0, 20)}-`;
    const dead = `${prefix}4194305-abc.tmp`; // above Linux's highest process id
    const alive = `${prefix}${process.pid}-def.tmp`;
    const foreign = ".a.bin.another-host-4194305-abc.tmp";
    for (const name of [dead, alive, foreign, ".b.bin.tmp"]) await writeFile(join(directory, name), "x");
    await mkdir(join(directory, "sub"));
    await node.writeFileAtomic(join(directory, "a.bin"), new Uint8Array([1]));
    expect((await readdir(directory)).sort()).toEqual([alive, foreign, ".b.bin.tmp", "a.bin", "sub"].sort());
  });

  it("lets two saves of one file run at once", async () => {
    const path = join(directory, "a.bin");
    const saves = Array.from({ length: 8 }, (_, i) => node.writeFileAtomic(path, new Uint8Array(1e5).fill(i)));
    await Promise.all(saves);
    const bytes = await node.readFile(path);
    expect(bytes.length).toBe(1e5);
    expect(bytes.every((value) => value === bytes[0])).toBe(true);
    expect(await readdir(directory)).toEqual(["a.bin"]);
  });
});

describe("files in a browser", () => {
  it("reads a URL, and says why it cannot", async () => {
    expect([...(await browser.readFile("data:application/octet-stream;base64,AQID"))]).toEqual([1, 2, 3]);
    await expect(browser.readFile("nowhere:///a.keras")).rejects.toThrow(FormatError);
    vi.stubGlobal("fetch", async () => new Response("", { status: 404, statusText: "Not Found" }));
    await expect(browser.readFile("a.keras")).rejects.toThrow(/"a\.keras": the server answered 404 Not Found/);
  });

  it("offers a download where there is a document, and advises where there is none", async () => {
    await expect(browser.writeFileAtomic("a.keras", new Uint8Array(1))).rejects.toThrow(/model\.toBytes\(\)/);
    const anchor = { href: "", download: "", click: vi.fn() };
    vi.stubGlobal("document", { createElement: () => anchor });
    const made = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:1");
    vi.useFakeTimers();
    await browser.writeFileAtomic("models/a.keras", [new Uint8Array([1, 2]), new Uint8Array([3])]);
    vi.useRealTimers();
    expect(anchor).toMatchObject({ href: "blob:1", download: "a.keras" });
    expect(anchor.click).toHaveBeenCalledOnce();
    const blob = made.mock.calls[0]?.[0] as Blob;
    expect([...new Uint8Array(await blob.arrayBuffer())]).toEqual([1, 2, 3]);
  });

  it("names the browser and prints whole lines", () => {
    expect(browser.environment).toEqual({ runtime: "Chrome 140", cores: 6 });
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    browser.stdout.write("one\ntw");
    browser.stdout.write("o\nthree");
    expect(log.mock.calls).toEqual([["one"], ["two"]]);
    log.mockRestore();
  });
});
