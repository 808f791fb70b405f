// One peer on one workload, in a process of its own: works when asked, otherwise blocks on its channel.
import { loadPeer, loadWorkloads } from "./catalogue.mjs";
import { Lacks } from "./failure.mjs";
import { peakMegabytes } from "./memory.mjs";

const [, , peerName, workloadId] = process.argv;
let session;
let idleSince;

/** Processor time this process used since its last answer, while it should have used none. */
function idleCpu() {
  if (!idleSince) return 0;
  const { user, system } = process.cpuUsage(idleSince);
  return (user + system) / 1000;
}

/** In several slices: the first step tells the pace of compiling, not of working. */
async function warm(milliseconds) {
  for (let left = milliseconds; left > 0; ) left -= (await session.work(Math.min(left, milliseconds / 3))).milliseconds;
}

const answers = {
  /** Opens, does the first step and warms up. Where that step takes longer than `patience`, one more is all there is. */
  async prepare({ milliseconds, patience, tune }) {
    const [peer, workloads] = await Promise.all([loadPeer(peerName), loadWorkloads()]);
    const workload = workloads.find(({ id }) => id === workloadId);
    session = await peer.open(workload, workload.data());
    const loss = await session.loss?.();
    const first = await session.work(0);
    if (first.milliseconds > patience) {
      const only = first.milliseconds > 3 * patience ? first : await session.work(0);
      return { loss, setting: session.setting, only };
    }
    await warm(milliseconds);
    if (tune && session.tune) {
      await session.tune(milliseconds / 3);
      await warm(milliseconds / 3);
    }
    return { loss, setting: session.setting };
  },
  work: ({ milliseconds }) => session.work(milliseconds),
  finish: async () => ({ loss: await session.loss?.(), peakMegabytes: peakMegabytes() }),
};

process.on("message", async ({ ask, ...request }) => {
  const idle = idleCpu();
  try {
    const answer = await answers[ask](request);
    process.send({ ...answer, idleCpu: idle });
  } catch (error) {
    const reason = String(error?.message ?? error);
    process.send(error instanceof Lacks ? { lacks: reason } : { failure: reason });
  }
  idleSince = process.cpuUsage();
});
process.on("disconnect", () => process.exit());
