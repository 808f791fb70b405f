/** Whether this page was served to be cross-origin isolated; its address says so. */
export const isolated: boolean = location.pathname.startsWith("/isolated/");

/** What test/browser/NAME.node.ts computes in Node; the server runs it on the first request. */
export async function fromNode(name: string): Promise<unknown> {
  const response = await fetch(`/node/${name}.json`);
  if (!response.ok) throw new Error(`${name}.node.ts failed in Node: ${await response.text()}`);
  return response.json();
}
