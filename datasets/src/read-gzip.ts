/** The unpacked bytes of a gzip file: from the disk in Node, over the network in a browser. */
export async function readGzip(url: URL): Promise<Uint8Array> {
  const unpack = url.protocol === "file:" ? unpackFile : unpackResponse;
  try {
    return await unpack(url);
  } catch (cause) {
    throw new Error(`${url.href}: expected a readable gzip file. Install (or serve) the package's data/ again.`, {
      cause,
    });
  }
}

/** node:zlib, because loading DecompressionStream alone takes Node 20 longer than unpacking the digits. */
async function unpackFile(url: URL): Promise<Uint8Array> {
  // Not imports: bundlers for the browser stop at the name of a Node module.
  const { readFile } = process.getBuiltinModule("node:fs/promises");
  const { gunzipSync } = process.getBuiltinModule("node:zlib");
  return gunzipSync(await readFile(url));
}

async function unpackResponse(url: URL): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
  const unpacked = response.body.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}
