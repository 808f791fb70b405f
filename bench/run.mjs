import { loadWorkloads, matches, peerNames } from "./catalogue.mjs";
import { Exchange } from "./exchange.mjs";
import { loadPeers } from "./hosts.mjs";
import { Limits } from "./limits.mjs";
import { describeMachine } from "./machine.mjs";
import { help, readOptions, select } from "./options.mjs";
import { describeLimits, evaluateRows, printWorkload } from "./report.mjs";
import { writeResults } from "./results.mjs";
import { measureSize } from "./size.mjs";
import { measureSlices } from "./slices.mjs";
import { measureStartUp } from "./start-up.mjs";

const measures = { slices: measureSlices, "start-up": measureStartUp, size: measureSize };

function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

async function measureWorkload(workload, all, context) {
  // A bundle is a browser's: that Python and onnxruntime-node have none needs no rows.
  const peers = workload.measure === "size" ? all.filter(({ bundle }) => bundle) : all;
  const sitting = peers
    .map((peer) => ({ peer: peer.name, samples: [], lacks: peer.lacks(workload) }))
    .filter((row) => row.lacks);
  const able = peers.filter(({ name }) => !sitting.some(({ peer }) => peer === name));
  const measured = await measures[workload.measure](workload, able, { ...context, progress: showProgress });
  showProgress("");
  return evaluateRows(workload, [...measured, ...sitting], context.limits.of(workload.id));
}

function printHeading({ cpu, cores, node, system, loadBefore }, versions) {
  console.log(`${cpu}, ${cores} cores, ${system}, Node ${node}, load before ${loadBefore.toFixed(2)}`);
  const named = Object.entries(versions).map((entry) => entry.join(" "));
  console.log(`${named.join(", ")}\n`);
}

function settingsText({ env, variants, quick }) {
  const all = [["", env], ...variants.map((variant) => [`gradwise ${variant.name}: `, variant.env])];
  const texts = all
    .filter(([, given]) => Object.keys(given).length > 0)
    .map(
      ([who, given]) =>
        who +
        Object.entries(given)
          .map((entry) => entry.join("="))
          .join(" "),
    );
  if (quick) texts.push("--quick: each peer in its first setting, not its best one");
  return texts.length > 0 ? ` Settings: ${texts.join("; ")}.` : "";
}

async function measureAll(options, workloads, { peers, python, limitsHost }) {
  const limits = new Limits({ host: limitsHost, python });
  const exchange = new Exchange();
  const results = [];
  try {
    for (const workload of workloads) {
      const rows = await measureWorkload(workload, peers, { ...options, limits, exchange });
      results.push({ ...workload, rows, limits: limits.of(workload.id) });
      if (!options.json) console.log(printWorkload(workload, rows));
    }
  } finally {
    limits.end();
    exchange.end();
  }
  return { results, limits: limits.all() };
}

async function main() {
  const options = readOptions();
  const workloads = select(options.only, await loadWorkloads(), matches, "only");
  const isCalled = (name, wanted) => name === wanted;
  const left = options.without ? select(options.without, peerNames(), isCalled, "without") : [];
  const names = select(options.peers, peerNames(), isCalled, "peers").filter((name) => !left.includes(name));
  if (options.help) return console.log(help);
  if (options.list)
    return console.log([...workloads.map(({ id, title }) => `${id}  ${title}`), "", ...names].join("\n"));

  const loaded = await loadPeers(names, options);
  const machine = describeMachine(options.node);
  if (!options.json) printHeading(machine, loaded.versions);
  const { results, limits } = await measureAll(options, workloads, loaded);
  const run = { machine, versions: loaded.versions, rounds: options.rounds, settings: settingsText(options), limits };
  if (options.json) console.log(JSON.stringify({ ...run, workloads: results }, null, 2));
  else console.log(describeLimits(limits));
  if (options.write) writeResults({ ...run, workloads: results, note: options.note });
  const ours = results.flatMap(({ rows }) => rows.filter(({ peer }) => peer === "gradwise"));
  if (ours.some(({ failure, lacks, learned }) => failure || lacks || !learned)) process.exitCode = 1;
}

// Ctrl-C: the children end with their channels, and what was written for them is removed.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 2;
});
