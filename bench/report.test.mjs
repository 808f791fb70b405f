import assert from "node:assert/strict";
import { test } from "node:test";
import { figureOf, gigaflopsOf } from "./figures.mjs";
import { describeLimits, evaluateRows, printWorkload } from "./report.mjs";

const product = {
  id: "p",
  title: "a product",
  measure: "slices",
  task: "product",
  side: 1000,
  batch: 1,
  unit: "GFLOP/s",
};
const training = { id: "t", title: "a net", measure: "slices", task: "train", batch: 10, unit: "steps/s" };

test("figures in each unit", () => {
  const slice = { count: 100, milliseconds: 500 };
  assert.equal(figureOf({ unit: "examples/s", batch: 10 }, slice), 200);
  assert.equal(figureOf(training, slice), 20);
  assert.equal(figureOf({ unit: "us", batch: 1 }, slice), 5000);
  assert.equal(figureOf(product, { count: 1, milliseconds: 1000 }), 2);
});

test("GFLOP/s from any unit are those of the same work", () => {
  const net = { inputShape: [1000], layers: [{ type: "dense", units: 1000 }] };
  const slice = { count: 500, milliseconds: 1000 };
  for (const unit of ["examples/s", "steps/s", "us"]) {
    const workload = { task: "train", net, batch: 10, unit };
    assert.ok(Math.abs(gigaflopsOf(workload, figureOf(workload, slice)) - 2) < 1e-9, unit);
  }
});

test("a part of a limit is taken round by round, and of the better bare loop", () => {
  const limits = [{ multiplyAdd: 20, fma: 40, sgemm1: 100 }, { multiplyAdd: 10, sgemm1: 10 }, {}];
  const [row] = evaluateRows(product, [{ peer: "gradwise", samples: [10, 5, 7] }], limits);
  assert.equal(row.gigaflops, 7);
  assert.equal(row.ofLoop, (10 / 40 + 5 / 10) / 2);
  assert.equal(row.ofSgemm1, (10 / 100 + 5 / 10) / 2);
  assert.ok(Number.isNaN(row.ofSgemm));
});

test("microseconds are better when they are fewer", () => {
  const net = { inputShape: [2], layers: [{ type: "dense", units: 1 }] };
  const workload = { id: "p", title: "t", measure: "slices", task: "predict", net, batch: 1, unit: "us" };
  const [, other] = evaluateRows(workload, [
    { peer: "gradwise", samples: [10, 10] },
    { peer: "other", samples: [30, 50] },
  ]);
  assert.equal(other.figures[0].timesAhead, 4);
});

test("the table tells what a peer lacks, that it failed, and that it did not learn", () => {
  const rows = evaluateRows({ ...training, measure: "start" }, [
    { peer: "a", samples: [], lacks: "no such layer" },
    { peer: "b", samples: [], failure: "out of memory" },
    { peer: "c", samples: [1], lossBefore: 1, lossAfter: 2, setting: "fit" },
    { peer: "d", samples: [1], lossBefore: null, lossAfter: null, idleShare: 0.5 },
  ]);
  assert.deepEqual(
    rows.map(({ learned }) => learned),
    [true, true, false, true],
  );
  const text = printWorkload(training, rows);
  assert.match(text, /a .* lacks: no such layer\n/);
  assert.match(text, /b .* failed: out of memory\n/);
  assert.match(text, /c .* fit, loss 1\.00 -> 2\.00, DID NOT LEARN\n/);
  assert.match(text, /d .* busy 50 % while others were measured\n/);
});

test("limits that were not measured are not spoken of", () => {
  assert.equal(describeLimits([]), "");
  assert.doesNotMatch(describeLimits([{ multiplyAdd: 3 }]), /FMA|sgemm/);
});
