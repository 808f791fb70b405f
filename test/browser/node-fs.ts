/** What the tests use of node:fs, in a page: they read recorded values, which the server has under /files/. */
export function readFileSync(url: URL, encoding?: "utf8"): string | Uint8Array {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  // The one charset that leaves bytes alone; a synchronous request has no other way to give them.
  if (encoding === undefined) request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${url}: status ${request.status}`);
  const text = request.responseText;
  return encoding === undefined ? Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff) : text;
}
