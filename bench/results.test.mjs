import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluateRows } from "./report.mjs";
import { mergeRun } from "./results.mjs";

const workload = (id, unit = "examples/s") => ({ id, title: `title of ${id}`, measure: "start", unit, batch: 1 });

function run(node, id, samples) {
  const given = workload(id);
  const rows = evaluateRows(given, [
    { peer: "gradwise", samples },
    { peer: "other", samples: samples.map((value) => 2 * value) },
    { peer: "lacking", samples: [], lacks: "no such layer" },
  ]);
  return {
    machine: {
      cpu: "a | b",
      cores: 2,
      memoryGigabytes: 4,
      system: "Linux",
      node,
      date: "2026-01-02T03:04:05Z",
      loadBefore: 0.5,
    },
    versions: { gradwise: "0.1.0" },
    rounds: samples.length,
    settings: "",
    workloads: [{ ...given, rows, limits: [{ copy: 10 }, { copy: 30 }] }],
  };
}

test("a run writes its workload with its circumstances, best row first, those without a figure last", () => {
  const text = mergeRun("", run("v20.1.0", "w2", [10, 30]));
  assert.match(text, /^# Results\n/);
  assert.match(text, /\n## Node 20\n/);
  assert.match(
    text,
    /### w2: title of w2\n\n2026-01-02 03:04, load 0\.5 before, 2 rounds\. Limits .*20\.0 \(10\.0 \.\. 30\.0\) GB\/s/,
  );
  const peers = [...text.matchAll(/^\| (gradwise|other|lacking) \|/gm)].map(([, peer]) => peer);
  assert.deepEqual(peers, ["other", "gradwise", "lacking"]);
  assert.match(text, /\| lacking \|.*lacks: no such layer \|/);
});

test("a later run replaces its own workloads on its own Node, and nothing else", () => {
  let text = mergeRun("", run("v20.1.0", "w10", [1]));
  text = mergeRun(text, run("v26.0.0", "w2", [7]));
  text = mergeRun(text, run("v20.1.0", "w2", [3]));
  text = mergeRun(text, run("v20.1.0", "w10", [5]));
  const headings = [...text.matchAll(/^#+ .*$/gm)].map(([line]) => line.split(":")[0]);
  assert.deepEqual(headings, ["# Results", "## Node 20", "### w2", "### w10", "## Node 26", "### w2"]);
  assert.match(text, /\| gradwise \| examples\/s \| 5\.00 /);
  assert.doesNotMatch(text, /\| gradwise \| examples\/s \| 1\.00 /);
  assert.equal(mergeRun(text, run("v20.1.0", "w10", [5])), text);
});
