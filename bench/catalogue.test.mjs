import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { loadPeer, loadWorkloads, matches, peerNames } from "./catalogue.mjs";

const measures = ["slices", "start-up", "size"];

test("workloads come in the order of their numbers, with ids that begin with their file's name", async () => {
  const ids = (await loadWorkloads()).map(({ id }) => id.split("-")[0]);
  assert.deepEqual([...new Set(ids)], ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9", "w10", "size"]);
});

test("every workload is data: what is measured, of which task, in which unit", async () => {
  for (const { id, measure, task, unit, net, side } of await loadWorkloads()) {
    assert.ok(measures.includes(measure), id);
    assert.ok(measure !== "slices" || unit, id);
    assert.ok(task === "product" ? side : net.layers.length > 0, id);
  }
});

test("gradwise leads; every peer says for every workload whether it lacks something, without being installed", async () => {
  const names = peerNames();
  assert.equal(names[0], "gradwise");
  const workloads = await loadWorkloads();
  for (const name of names) {
    const peer = await loadPeer(name);
    assert.ok(peer.packages.length > 0, name);
    if (peer.python) assert.ok(existsSync(new URL(`python/${peer.python}.py`, import.meta.url)), name);
    else assert.equal(typeof peer.open, "function", name);
    if (name === "gradwise") continue; // whether it is built
    for (const workload of workloads) {
      const reason = peer.lacks(workload);
      assert.ok(reason === undefined || typeof reason === "string", `${name}, ${workload.id}: ${reason}`);
    }
  }
});

test("a selector is a workload's id or its file", () => {
  assert.ok(matches({ id: "w2-32" }, "w2"));
  assert.ok(matches({ id: "w2-32" }, "w2-32"));
  assert.ok(!matches({ id: "w10" }, "w1"));
});
