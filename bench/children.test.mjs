import assert from "node:assert/strict";
import { test } from "node:test";
import { Child } from "./children.mjs";
import { reasonOf } from "./failure.mjs";

const node = { node: process.execPath, env: {}, flags: [] };
const request = { ask: "prepare", milliseconds: 1, patience: 1, tune: false };

test("a peer that fails says why, and its process lives on", async () => {
  const child = new Child("child.mjs", ["no-such-peer", "w1-sgd"], node);
  try {
    await assert.rejects(child.ask(request), /no-such-peer/);
    await assert.rejects(child.ask(request), /no-such-peer/);
  } finally {
    child.end();
  }
});

test("a process that ends rejects what was asked of it", async () => {
  const child = new Child("no-such-file.mjs", [], node);
  await assert.rejects(child.ask(request), /process ended \(1\): Error: Cannot find module/);
});

test("a Python that is not there, or lacks what it needs, rejects too", async () => {
  const absent = new Child("python/child.py", ["no_such_peer"], { python: "no-such-python", env: {} });
  await assert.rejects(absent.ask(request), /ENOENT/);
  const wrong = new Child("python/child.py", ["no_such_peer"], { python: process.execPath, env: {} });
  await assert.rejects(wrong.ask(request), /process ended \(1\): \w*Error/);
});

test("the reason of a failure is the last line that names an error, or the last line", () => {
  assert.equal(reasonOf("at x\nTypeError: no\n  at y\nmodule.SomeError: yes\n"), "module.SomeError: yes");
  assert.equal(reasonOf("a\nb\n"), "b");
  assert.equal(reasonOf(""), "");
});
