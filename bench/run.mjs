import { parseArgs } from "node:util";
import { loadPeer, loadWorkloads, matches, packageVersion, peerNames } from "./catalogue.mjs";
import { describeMachine } from "./machine.mjs";
import { evaluateRows, printWorkload } from "./report.mjs";
import { measureStartUp } from "./start-up.mjs";
import { measureTraining } from "./training.mjs";

const help = `Measures gradwise beside its peers, in one interleaved run.

  --only w1,w2-32      these workloads (default: all)
  --peers gradwise,... these peers (default: all)
  --rounds 7           slices of about 300 ms for each peer
  --node PATH          the Node to measure with (default: the one running this)
  --json               print JSON instead of tables
  --list               print the workloads and peers`;

const measures = { training: measureTraining, "start-up": measureStartUp };

function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      peers: { type: "string" },
      rounds: { type: "string", default: "7" },
      node: { type: "string", default: process.execPath },
      json: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds: expected 1 or more, got ${values.rounds}`);
  return { ...values, rounds };
}

/** The entries of `all` that the comma-separated list names; a name that fits none is an error. */
function select(list, all, fits, option) {
  if (list === undefined) return all;
  const names = list.split(",");
  for (const name of names) {
    if (!all.some((entry) => fits(entry, name))) throw new Error(`--${option}: nothing is called ${name}; see --list`);
  }
  return all.filter((entry) => names.some((name) => fits(entry, name)));
}

function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

async function measureWorkload(workload, peers, options) {
  const lacking = peers.map(({ name, lacks }) => ({ peer: name, lacks: lacks(workload) })).filter((row) => row.lacks);
  const able = peers.map(({ name }) => name).filter((name) => !lacking.some(({ peer }) => peer === name));
  const measured = await measures[workload.measure](workload, able, { ...options, progress: showProgress });
  showProgress("");
  return evaluateRows(workload, [...measured, ...lacking]);
}

function versionsOf(peers) {
  const packages = new Set(peers.flatMap((peer) => peer.packages));
  return Object.fromEntries([...packages].map((name) => [name, packageVersion(name)]));
}

async function main() {
  const options = readOptions();
  const workloads = select(options.only, await loadWorkloads(), matches, "only");
  const names = select(options.peers, peerNames(), (name, wanted) => name === wanted, "peers");
  if (options.help) return console.log(help);
  if (options.list)
    return console.log([...workloads.map(({ id, title }) => `${id}  ${title}`), "", ...names].join("\n"));

  const peers = await Promise.all(names.map(async (name) => ({ name, ...(await loadPeer(name)) })));
  const machine = describeMachine(options.node);
  const versions = versionsOf(peers);
  if (!options.json) {
    const { cpu, cores, node, system, loadBefore } = machine;
    console.log(`${cpu}, ${cores} cores, ${system}, Node ${node}, load before ${loadBefore.toFixed(2)}`);
    console.log(
      `${Object.entries(versions)
        .map((entry) => entry.join(" "))
        .join(", ")}\n`,
    );
  }
  const results = [];
  for (const workload of workloads) {
    const rows = await measureWorkload(workload, peers, options);
    results.push({ ...workload, rows });
    if (!options.json) console.log(printWorkload(workload, rows));
  }
  if (options.json)
    console.log(JSON.stringify({ machine, versions, rounds: options.rounds, workloads: results }, null, 2));
  const ours = results.flatMap(({ rows }) => rows.filter(({ peer }) => peer === "gradwise"));
  if (ours.some(({ failure, lacks, learned }) => failure || lacks || !learned)) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 2;
});
