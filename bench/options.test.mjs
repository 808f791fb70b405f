import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeFlags, parseVariant, readOptions, select } from "./options.mjs";

test("a variant is a name and variables", () => {
  assert.deepEqual(parseVariant("wide 2t:GRADWISE_WIDE=1,GRADWISE_THREADS=2"), {
    name: "wide 2t",
    env: { GRADWISE_WIDE: "1", GRADWISE_THREADS: "2" },
  });
  assert.throws(() => parseVariant("GRADWISE_WIDE=1"), /expected NAME:K=V/);
  assert.throws(() => parseVariant("wide:on"), /expected NAME=VALUE, got on/);
});

test("variables keep what follows their first equals sign", () => {
  assert.deepEqual(readOptions(["--env", "A=b=c", "--env", "D="]).env, { A: "b=c", D: "" });
});

test("rounds must be a count", () => {
  assert.equal(readOptions(["--rounds", "3"]).rounds, 3);
  for (const bad of ["0", "1.5", "many"]) assert.throws(() => readOptions(["--rounds", bad]), /--rounds/);
});

test("select keeps the order of all, and refuses a name that fits none", () => {
  const same = (entry, name) => entry === name;
  assert.deepEqual(select("c,a", ["a", "b", "c"], same, "peers"), ["a", "c"]);
  assert.deepEqual(select(undefined, ["a", "b"], same, "peers"), ["a", "b"]);
  assert.throws(() => select("d", ["a"], same, "peers"), /--peers: nothing is called d/);
});

test("only wide kernels ask for a flag of Node, and only where Node has it", () => {
  assert.deepEqual(nodeFlags(process.execPath, {}), []);
  const major = Number(process.versions.node.split(".")[0]);
  const flags = nodeFlags(process.execPath, { GRADWISE_WIDE: "1" });
  assert.deepEqual(flags, major >= 24 ? ["--experimental-wasm-revectorize"] : []);
});
