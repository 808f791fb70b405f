import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { reasonOf } from "./failure.mjs";

const childFile = fileURLToPath(new URL("child.mjs", import.meta.url));
const answerLimit = 300_000;
const warmUp = 900;
const slice = 300;
// A peer whose slice (at least one step) takes this long is measured in fewer rounds.
const slow = 2000;
const slowRounds = 3;

class Child {
  #process;
  #errors = "";

  constructor(peer, workload, node) {
    this.#process = fork(childFile, [peer, workload.id], {
      execPath: node,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#process.stderr.on("data", (text) => {
      this.#errors = (this.#errors + text).slice(-2000);
    });
  }

  ask(request) {
    const child = this.#process;
    return new Promise((resolve, reject) => {
      const settle = (finish, value) => {
        clearTimeout(timer);
        child.removeAllListeners("message").removeAllListeners("exit").removeAllListeners("error");
        finish(value);
      };
      const timer = setTimeout(() => settle(reject, new Error(`no answer in ${answerLimit / 1000} s`)), answerLimit);
      child.once("exit", (code, signal) =>
        settle(reject, new Error(`process ended (${signal ?? code}): ${reasonOf(this.#errors)}`)),
      );
      child.once("error", (error) => settle(reject, error));
      child.once("message", (answer) =>
        answer.failure ? settle(reject, new Error(answer.failure)) : settle(resolve, answer),
      );
      child.send(request, (error) => error && settle(reject, error));
    });
  }

  end() {
    this.#process.kill();
  }
}

/** Asks the child; a failure is recorded on the row, which then takes no further part. */
async function askRow(row, request) {
  try {
    return await row.child.ask(request);
  } catch (error) {
    row.failure = error.message.split("\n")[0];
    row.child.end();
    return undefined;
  }
}

function startRow(peer, workload, node) {
  return { peer, samples: [], idleCpu: 0, child: new Child(peer, workload, node) };
}

async function measureSlice(row, round, workload) {
  const start = performance.now();
  const answer = await askRow(row, { ask: "train", milliseconds: slice });
  if (!answer) return;
  const perSecond = (1000 * answer.examples) / answer.milliseconds;
  row.samples[round] = workload.unit === "steps/s" ? perSecond / workload.batch : perSecond;
  row.idleCpu += answer.idleCpu;
  row.slow ||= performance.now() - start > slow;
}

/**
 * Rounds of A B C A B C ...: one child process a peer, of which one works while the others block,
 * so that a drift of the machine's speed falls on all of them alike.
 */
export async function measureTraining(workload, peers, { rounds, node, progress }) {
  const rows = peers.map((peer) => startRow(peer, workload, node));
  const taking = (round) => rows.filter((row) => !row.failure && !(row.slow && round >= slowRounds));
  for (const row of rows) {
    progress(`${workload.id}: ${row.peer} warms up`);
    const answer = await askRow(row, { ask: "prepare", milliseconds: warmUp });
    if (answer) Object.assign(row, { setting: answer.setting, lossBefore: answer.loss });
  }
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (const row of taking(round)) {
      progress(`${workload.id}: round ${round + 1} of ${rounds}, ${row.peer}`);
      await measureSlice(row, round, workload);
    }
  }
  const elapsed = performance.now() - start;
  for (const row of taking(0)) {
    const answer = await askRow(row, { ask: "finish" });
    if (answer) Object.assign(row, { lossAfter: answer.loss, peakMegabytes: answer.peakMegabytes });
  }
  for (const { child } of rows) child.end();
  return rows.map(({ child, slow: _, idleCpu, ...row }) => ({ ...row, idleShare: idleCpu / elapsed }));
}
