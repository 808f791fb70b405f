// A fresh process: import a peer, build the net, one step, report the peak memory. Without a peer: an empty process.
const [, , peerName, workloadFile, workloadId] = process.argv;
if (peerName) {
  const { default: workloads } = await import(`./workloads/${workloadFile}.mjs`);
  const workload = workloads.find(({ id }) => id === workloadId);
  const { open } = await import(`./peers/${peerName}.mjs`);
  const session = await open(workload, workload.data());
  await session.train(0);
}
process.stdout.write(JSON.stringify({ megabytes: process.resourceUsage().maxRSS / 1000 }), () => process.exit(0));
