import assert from "node:assert/strict";
import { test } from "node:test";
import { fastest, paced } from "./pace.mjs";

const spin = (milliseconds) => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};

test("the first slice is one step, later ones as many as fit", async () => {
  const asked = [];
  const work = paced(10, (steps) => {
    asked.push(steps);
    spin(steps);
  });
  const { count, milliseconds } = await work(300);
  assert.equal(count, 10);
  assert.ok(milliseconds >= 1);
  await work(300);
  assert.equal(asked[0], 1);
  assert.ok(asked[1] > 1 && asked[1] <= 300, `${asked[1]} steps of 1 ms in 300 ms`);
});

test("a run may say how many steps it made of it", async () => {
  const work = paced(10, () => 4);
  assert.equal((await work(0)).count, 40);
});

test("the fastest of several ways is kept", async () => {
  const way = (milliseconds) => paced(1, (steps) => spin(milliseconds * steps));
  assert.equal(await fastest({ slow: way(30), quick: way(1) }, 20), "quick");
});
