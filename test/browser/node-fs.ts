/** What the tests use of node:fs, in a page: they read recorded values, which the server has under /files/. */
export function readFileSync(url: URL, encoding: "utf8"): string {
  if (encoding !== "utf8") throw new Error(`${url}: in a page readFileSync reads text only.`);
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.send();
  if (request.status !== 200) throw new Error(`${url}: status ${request.status}`);
  return request.responseText;
}
