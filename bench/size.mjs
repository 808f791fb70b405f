import { fileURLToPath } from "node:url";
import { bundleSize } from "../scripts/checks/bundle-size.mjs";

/** Kilobytes, gzipped, of the page that each peer gives: the same build for all, by the check that guards our own. */
export async function measureSize(workload, peers, { progress }) {
  const rows = [];
  for (const { name, bundle } of peers) {
    progress(`${workload.id}: ${name}`);
    const { page, root } = bundle(workload);
    try {
      const { bytes } = await bundleSize(page, fileURLToPath(root));
      rows.push({ peer: name, samples: [bytes / 1000] });
    } catch (error) {
      rows.push({ peer: name, failure: error.message.split("\n")[0], samples: [] });
    }
  }
  return rows;
}
