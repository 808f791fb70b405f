import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";

export const help = `Measures gradwise beside its peers, in one interleaved run.

  --only w1,w2-32        these workloads (default: all)
  --peers gradwise,...   these peers (default: all)
  --without pytorch,...  all but these
  --rounds 7             slices of about 300 ms for each peer
  --quick                each peer's first setting, where otherwise all are tried and the fastest is kept
  --node PATH            the Node to measure with (default: the one running this)
  --env NAME=VALUE       set for every JavaScript peer; may be repeated
  --variant "NAME:K=V,K=V"  one more row, "gradwise NAME", with these variables set; may be repeated.
                         GRADWISE_WIDE=1 starts Node with its experimental revectorization where it has that.
  --python PATH|none     makes bench/.venv, where the Python peers are installed (default: the newest found)
  --json                 print JSON instead of tables
  --write                write this Node's part of bench/RESULTS.md; with --note TEXT above it
  --list                 print the workloads and peers`;

/** "K=V" to [K, V]. */
function setting(text) {
  const at = text.indexOf("=");
  if (at < 1) throw new Error(`expected NAME=VALUE, got ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

export function parseVariant(text) {
  const at = text.indexOf(":");
  if (at < 1) throw new Error(`--variant: expected NAME:K=V,K=V, got ${text}`);
  return {
    name: text.slice(0, at),
    env: Object.fromEntries(
      text
        .slice(at + 1)
        .split(",")
        .map(setting),
    ),
  };
}

const repeated = { type: "string", multiple: true, default: [] };

export function readOptions(args = process.argv.slice(2)) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string" },
      peers: { type: "string" },
      without: { type: "string" },
      rounds: { type: "string", default: "7" },
      quick: { type: "boolean", default: false },
      node: { type: "string", default: process.execPath },
      env: repeated,
      variant: repeated,
      python: { type: "string" },
      json: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      note: { type: "string" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds: expected 1 or more, got ${values.rounds}`);
  const env = Object.fromEntries(values.env.map(setting));
  return { ...values, rounds, env, variants: values.variant.map(parseVariant) };
}

/** The entries of `all` that the comma-separated list names; a name that fits none is an error. */
export function select(list, all, fits, option) {
  if (list === undefined) return all;
  const names = list.split(",");
  for (const name of names) {
    if (!all.some((entry) => fits(entry, name))) throw new Error(`--${option}: nothing is called ${name}; see --list`);
  }
  return all.filter((entry) => names.some((name) => fits(entry, name)));
}

/** Flags of Node for these variables: wide kernels are V8's, and a flag must be set before anything is compiled. */
export function nodeFlags(node, env) {
  if (env.GRADWISE_WIDE !== "1") return [];
  const major = Number(execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }).split(".")[0]);
  return major >= 24 ? ["--experimental-wasm-revectorize"] : [];
}
