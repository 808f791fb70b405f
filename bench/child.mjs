// One peer on one workload, in a process of its own: works when asked, otherwise blocks on its channel.
import { loadPeer, loadWorkloads } from "./catalogue.mjs";

const [, , peerName, workloadId] = process.argv;
let session;
let idleSince;

/** Processor time this process used since its last answer, while it should have used none. */
function idleCpu() {
  if (!idleSince) return 0;
  const { user, system } = process.cpuUsage(idleSince);
  return (user + system) / 1000;
}

const answers = {
  async prepare({ milliseconds }) {
    const [peer, workloads] = await Promise.all([loadPeer(peerName), loadWorkloads()]);
    const workload = workloads.find(({ id }) => id === workloadId);
    session = await peer.open(workload, workload.data());
    const loss = await session.loss();
    const first = await session.train(0);
    if (first.milliseconds < milliseconds) await session.train(milliseconds);
    await session.tune?.(milliseconds / 3);
    return { loss, setting: session.setting };
  },
  train: ({ milliseconds }) => session.train(milliseconds),
  finish: async () => ({ loss: await session.loss(), peakMegabytes: process.resourceUsage().maxRSS / 1000 }),
};

process.on("message", async ({ ask, ...request }) => {
  const idle = idleCpu();
  try {
    const answer = await answers[ask](request);
    process.send({ ...answer, idleCpu: idle });
  } catch (error) {
    process.send({ failure: String(error?.message ?? error) });
  }
  idleSince = process.cpuUsage();
});
process.on("disconnect", () => process.exit());
