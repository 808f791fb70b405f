import { setTimeout } from "node:timers/promises";
import { Child } from "./children.mjs";
import { figureOf } from "./figures.mjs";

const warmUp = 900;
const slice = 300;
// For some 100 ms after a peer's slice the second core was still busy: that must not slow down who comes next.
const rest = 250;
// A peer whose slice (at least one step) takes this long is measured in fewer rounds,
const slow = 2000;
const slowRounds = 3;
// and one whose first step takes this long has a single step as its only sample.
const patience = 20_000;

/** Asks the child; a failure is recorded on the row, which then takes no further part. */
async function askRow(row, request) {
  try {
    const answer = await row.child.ask(request);
    if (!answer.lacks) return answer;
    row.lacks = answer.lacks;
  } catch (error) {
    row.failure = error.message.split("\n")[0];
  }
  row.out = true;
  row.child.end();
  return undefined;
}

function startRow(peer, workload, exchange) {
  const child = peer.python
    ? new Child("python/child.py", [peer.python, ...(peer.args ?? [])], peer.host)
    : new Child("child.mjs", [peer.file, workload.id], peer.host);
  const described = peer.python ? { workload: exchange.describe(workload) } : {};
  return { peer: peer.name, samples: [], idleCpu: 0, child, described };
}

async function warm(row, workload, tune) {
  const answer = await askRow(row, { ask: "prepare", milliseconds: warmUp, patience, tune, ...row.described });
  if (!answer) return;
  Object.assign(row, { setting: answer.setting, lossBefore: answer.loss });
  if (!answer.only) return;
  row.samples[0] = figureOf(workload, answer.only);
  row.once = true;
}

async function measureSlice(row, round, workload) {
  await setTimeout(rest);
  const start = performance.now();
  const answer = await askRow(row, { ask: "work", milliseconds: slice });
  if (!answer) return;
  row.samples[round] = figureOf(workload, answer);
  row.idleCpu += answer.idleCpu;
  row.slow ||= performance.now() - start > slow;
}

function finished({ child: _child, described: _described, slow: _slow, once, out: _out, idleCpu, ...row }, elapsed) {
  return { ...row, ...(once ? { setting: `${row.setting}, a single step` } : {}), idleShare: idleCpu / elapsed };
}

/**
 * Rounds of A B C A B C ...: one child process a peer, of which one works while the others block, so that a drift of
 * the machine's speed falls on all of them alike. The machine's limits take part as peers do.
 */
export async function measureSlices(workload, peers, { rounds, quick, progress, limits, exchange }) {
  const rows = peers.map((peer) => startRow(peer, workload, exchange));
  const taking = (round) => rows.filter((row) => !row.out && !row.once && !(row.slow && round >= slowRounds));
  for (const row of rows) {
    progress(`${workload.id}: ${row.peer} warms up`);
    await warm(row, workload, !quick);
  }
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    await limits.measure(workload.id, round);
    for (const row of taking(round)) {
      progress(`${workload.id}: round ${round + 1} of ${rounds}, ${row.peer}`);
      await measureSlice(row, round, workload);
    }
  }
  const elapsed = performance.now() - start;
  for (const row of rows.filter(({ out }) => !out)) {
    const answer = await askRow(row, { ask: "finish" });
    if (answer) Object.assign(row, { lossAfter: answer.loss, peakMegabytes: answer.peakMegabytes });
  }
  for (const { child } of rows) child.end();
  return rows.map((row) => finished(row, elapsed));
}
