// A fresh process: import a peer, build the net, one step, report the peak memory. Without a peer: an empty process.
import { peakMegabytes } from "./memory.mjs";

const [, , peerName, workloadFile, workloadId] = process.argv;
let report = {};
if (peerName) {
  const { default: workloads } = await import(`./workloads/${workloadFile}.mjs`);
  const workload = workloads.find(({ id }) => id === workloadId);
  const { open } = await import(`./peers/${peerName}.mjs`);
  try {
    const session = await open(workload, workload.data());
    await session.work(0);
  } catch (error) {
    if (error?.constructor?.name !== "Lacks") throw error;
    report = { lacks: error.message };
  }
}
const text = JSON.stringify({ ...report, megabytes: peakMegabytes() });
process.stdout.write(`\n${text}`, () => process.exit(0));
