import { loadPeer, packageVersion } from "./catalogue.mjs";
import { nodeFlags } from "./options.mjs";
import { preparePython, pythonVersions } from "./python/environment.mjs";

/**
 * The peers with the processes they run in: Node with its flags and variables, or Python. A variant of gradwise is a
 * row of its own. A peer whose Python is missing lacks everything, and says why.
 */
export async function loadPeers(names, { node, env, variants, python: wanted }) {
  const loaded = await Promise.all(names.map(async (name) => ({ name, file: name, ...(await loadPeer(name)) })));
  const { python, missing } = preparePython(
    loaded.filter((peer) => peer.python),
    wanted,
  );
  const nodeHost = (extra) => {
    const all = { ...env, ...extra };
    return { node, env: all, flags: nodeFlags(node, { ...process.env, ...all }) };
  };
  const peers = loaded.flatMap((peer) => {
    if (peer.python) {
      const reason = missing.get(peer.name);
      return [{ ...peer, host: { python, env: peer.env ?? {} }, lacks: reason ? () => reason : peer.lacks }];
    }
    const extra = peer.name === "gradwise" ? variants : [];
    const rows = extra.map((variant) => ({
      ...peer,
      name: `gradwise ${variant.name}`,
      host: nodeHost(variant.env),
      bundle: undefined, // the same as gradwise's
    }));
    return [{ ...peer, host: nodeHost({}) }, ...rows];
  });
  const runs = (peer) => peer.python && !missing.has(peer.name);
  const versions = Object.fromEntries([
    ...loaded
      .filter((peer) => !peer.python)
      .flatMap(({ packages }) => packages.map((name) => [name, packageVersion(name)])),
    ...(loaded.some(runs)
      ? Object.entries(pythonVersions([...new Set(loaded.filter(runs).flatMap((p) => p.packages))]))
      : []),
  ]);
  return { peers, python, versions, limitsHost: nodeHost({}) };
}
