import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { reasonOf } from "./failure.mjs";
import { pythonEnvironment } from "./python/environment.mjs";

const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Program, arguments and environment of a fresh process that takes one step; of an empty one where there is no peer. */
function commandOf(peer, workload, exchange, node) {
  if (!peer) return { program: node, args: [pathOf("start-up-child.mjs")], env: process.env };
  const { host } = peer;
  if (peer.python) {
    const args = [pathOf("python/start_up.py"), exchange.file(workload), peer.python, ...(peer.args ?? [])];
    return { program: host.python, args, env: { ...pythonEnvironment(), ...host.env } };
  }
  const args = [...host.flags, pathOf("start-up-child.mjs"), peer.file, workload.id, workload.id];
  return { program: host.node, args, env: { ...process.env, ...host.env } };
}

function freshProcess({ program, args, env }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env });
    let output = "";
    let errors = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (errors += text));
    child.once("error", reject);
    child.once("close", (code) => {
      const seconds = (performance.now() - start) / 1000;
      // Peers print greetings: the report is the last line.
      const report = output.trim().split("\n").at(-1);
      if (code !== 0 || !report?.startsWith("{")) reject(new Error(`process ended (${code}): ${reasonOf(errors)}`));
      else resolve({ seconds, ...JSON.parse(report) });
    });
  });
}

/** Seconds from spawning a process to its end, and its peak memory; an empty process is the floor. */
export async function measureStartUp(workload, peers, { rounds, node, progress, exchange }) {
  const rows = [...peers, undefined].map((peer) => ({
    peer: peer?.name ?? "(empty process)",
    samples: [],
    megabytes: [],
  }));
  const commands = [...peers, undefined].map((peer) => commandOf(peer, workload, exchange, node));
  // Round -1 fills the file cache, and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const [i, row] of rows.entries()) {
      if (row.failure || row.lacks) continue;
      progress(`${workload.id}: round ${round + 1} of ${rounds}, ${row.peer}`);
      try {
        const { seconds, megabytes, lacks } = await freshProcess(commands[i]);
        if (lacks) row.lacks = lacks;
        if (lacks || round < 0) continue;
        row.samples[round] = seconds;
        row.megabytes[round] = megabytes;
      } catch (error) {
        row.failure = error.message;
      }
    }
  }
  return rows;
}
