import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { reasonOf } from "./failure.mjs";

const childFile = fileURLToPath(new URL("start-up-child.mjs", import.meta.url));

function freshProcess(node, peer, workload) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const args = peer ? [childFile, peer, workload.id, workload.id] : [childFile];
    const child = spawn(node, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (errors += text));
    child.once("error", reject);
    child.once("close", (code) => {
      const seconds = (performance.now() - start) / 1000;
      // Peers print greetings: the report is the last thing on the line.
      const report = output.match(/\{"megabytes":[\d.]+\}$/);
      if (code !== 0 || !report) reject(new Error(`process ended (${code}): ${reasonOf(errors)}`));
      else resolve({ seconds, ...JSON.parse(report[0]) });
    });
  });
}

/** Seconds from spawning a process to its end, and its peak memory; an empty process is the floor. */
export async function measureStartUp(workload, peers, { rounds, node, progress }) {
  const rows = [...peers, undefined].map((peer) => ({ peer, samples: [], megabytes: [] }));
  // Round -1 fills the file cache, and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const row of rows.filter(({ failure }) => !failure)) {
      progress(`${workload.id}: round ${round + 1} of ${rounds}, ${row.peer ?? "empty process"}`);
      try {
        const { seconds, megabytes } = await freshProcess(node, row.peer, workload);
        if (round < 0) continue;
        row.samples[round] = seconds;
        row.megabytes[round] = megabytes;
      } catch (error) {
        row.failure = error.message;
      }
    }
  }
  return rows.map((row) => ({ ...row, peer: row.peer ?? "(empty process)" }));
}
