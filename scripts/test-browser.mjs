// npm run test:browser [-- NAME ...]: the suite of src/ and test/conformance/ in headless Chromium, each file in two pages:
// one cross-origin isolated (SharedArrayBuffer is there), one not. A file that has no heap in it takes one page: to it both
// are the same. test/browser/ holds what only a page can show; *.process.test.ts, which measure or end their own process,
// stay in Node. The browser is one that is installed ($CHROMIUM, or found in the usual places); none is downloaded.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";
import { ensureInstalled } from "./ensure.mjs";
import { filesUnder, ROOT } from "./project.mjs";

await ensureInstalled();
const { chromium } = await import("playwright-core");
const { bundleForBrowser, runInNode } = await import("./browser-bundle.mjs");

const FILE_TIMEOUT = 300_000;
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]; // biome-ignore format: one list
// As root, in a container, with no line to the outside.
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"]; // biome-ignore format: one list
/** Threads need shared memory, which only the isolated page has. */
const ISOLATED_ONLY = /\/threads[/.]/;
const MODES = ["isolated", "plain"];
const ISOLATION = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** Tests that no page runs, and why. */
const NODE_ONLY = /** @type {Record<string, string>} */ ({
  "src/backends/reference/structural.test.ts": "lists the files of src/ops",
  "src/engine/engine.test.ts": "is about the environment, which a page has not",
  "src/models/peak-memory.test.ts": "needs an engine that nothing has run on",
  "src/models/save-file.test.ts": "saves into a folder: a page's files are in test/browser/platform.test.ts",
  "src/models/wait-for-memory.test.ts":
    "presses the collector: without isolation Chromium's may not come, and fit's error stands",
  "src/platform/platform.test.ts": "is about Node's files: a page's are in test/browser/platform.test.ts",
  "test/conformance/blas.test.ts": "calls native code",
  "test/conformance/exact-ops.test.ts": "writes what test/browser/exact-ops.test.ts compares with",
  "test/conformance/ops.test.ts": "lists the files of src/ops: test/browser/ops.test.ts runs the same cases",
  "test/conformance/vocabulary.test.ts": "reads the names of test files",
});

const executablePath = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path));
const counts = { passed: 0, failed: 0, skipped: 0 };
if (!executablePath || !existsSync(executablePath)) {
  console.error(
    "test:browser: NO CHROMIUM, NOTHING WAS TESTED. Install it (apt-get install chromium), or set CHROMIUM.",
  );
  finish(process.env.CI === "true");
}

const wanted = process.argv.slice(2);
const tests = [...testsUnder("test/browser"), ...testsUnder("src"), ...testsUnder("test/conformance")];
if (tests.length === 0) {
  console.error(`test:browser: no test matches ${wanted.join(", ") || "*.test.ts"}.`);
  finish(true);
}

const workers = filesUnder("test/browser", { match: /\.worker\.ts$/ });
const { modules, nodeOnly, onHeap } = await bundleForBrowser(tests, workers);
/** @type {Map<string, Promise<unknown>>} */
const computed = new Map();
const server = createServer((request, response) => void respond(request, response));
await new Promise((done) => server.listen(0, "127.0.0.1", () => done(null)));
const address = server.address();
const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
const browser = await chromium.launch({ executablePath, args: FLAGS });
console.log(`Chromium ${browser.version()}`);
try {
  const jobs = tests.flatMap((path) => MODES.map((mode) => ({ path, mode }))).filter(isOfUse);
  // What measures time has the machine for itself.
  await work(jobs.filter(({ path }) => path.endsWith(".timed.test.ts")));
  const queue = jobs.filter(({ path }) => !path.endsWith(".timed.test.ts"));
  await Promise.all([work(queue), work(queue)]);
  showNodeOnly();
} finally {
  await browser.close();
  server.close();
}
finish(counts.failed > 0);

/** @param {string} folder */
function testsUnder(folder) {
  const files = filesUnder(folder, { match: /(?<!\.process)\.test\.ts$/ });
  return files.filter((path) => wanted.length === 0 || wanted.some((name) => path.includes(name)));
}

/** @param {{ path: string, mode: string }} job */
function isOfUse({ path, mode }) {
  if (nodeOnly.includes(path) || NODE_ONLY[path]) return false;
  if (mode === "isolated" || path.startsWith("test/browser/")) return true;
  return onHeap.includes(path) && !ISOLATED_ONLY.test(path);
}

/** What was not tried here, and why; a file whose reason nobody has given, or that is no more, is a failure. */
function showNodeOnly() {
  for (const [path, why] of Object.entries(NODE_ONLY)) {
    if (tests.includes(path)) console.log(`Node only: ${path}, which ${why}`);
  }
  const once = tests.filter((path) => isOfUse({ path, mode: "isolated" }) && !isOfUse({ path, mode: "plain" }));
  if (once.length > 0)
    console.log(`In one page, having no heap or needing it shared: ${once.length} of ${tests.length} files`);
  const unexplained = nodeOnly.filter((path) => !NODE_ONLY[path]);
  const gone = Object.keys(NODE_ONLY).filter((path) => !existsSync(join(ROOT, path)));
  for (const path of unexplained) console.error(`FAIL ${path} needs Node: say why in NODE_ONLY, or let pages run it`);
  for (const path of gone) console.error(`FAIL ${path} is in NODE_ONLY, but is not there`);
  counts.failed += unexplained.length + gone.length;
}

/** Each file gets a new document, as vitest gives it a new thread. @param {{ path: string, mode: string }[]} queue */
async function work(queue) {
  /** @type {Record<string, import("playwright-core").Page>} */
  const pages = {};
  for (let job = queue.shift(); job; job = queue.shift()) {
    const page = (pages[job.mode] ??= await browser.newPage());
    await runFile(page, job.path, job.mode);
  }
}

/** @param {import("playwright-core").Page} page @param {string} path @param {string} mode */
async function runFile(page, path, mode) {
  /** @type {string[]} */
  const complaints = [];
  page.removeAllListeners();
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  const crashed = new Promise((_, reject) => page.on("crash", () => reject(new Error("the page crashed"))));
  try {
    await page.goto(`${origin}/${mode}/${path.replace(/\.ts$/, ".html")}`);
    const finished = page.waitForFunction("globalThis.result", null, { timeout: FILE_TIMEOUT });
    const result = await (await Promise.race([finished, crashed])).jsonValue();
    if (typeof result === "string") throw new Error(result);
    if (result.outcomes.length === 0) throw new Error("it registered no test");
    show(path, mode, result);
  } catch (error) {
    const message = `${error}\n${complaints.join("\n")}`;
    show(path, mode, { outcomes: [{ name: "the page loads and ends", state: "failed", message }], milliseconds: 0 });
  }
}

/** @param {string} path @param {string} mode @param {import("../test/browser/run-vitest.ts").Outcomes} result */
function show(path, mode, { outcomes, milliseconds }) {
  /** @param {keyof typeof counts} state */
  const count = (state) => outcomes.filter((outcome) => outcome.state === state).length;
  for (const state of /** @type {const} */ (["passed", "failed", "skipped"])) counts[state] += count(state);
  const mark = count("failed") > 0 ? "FAIL" : "ok  ";
  console.log(`${mark} ${path} (${mode}): ${count("passed")} of ${outcomes.length}, ${milliseconds.toFixed(0)} ms`);
  for (const { name, state, message } of outcomes) {
    if (state === "passed") continue;
    console.log(`       ${state} ${name}`);
    if (message) console.log(message.replace(/^/gm, "              "));
  }
}

/** @param {boolean} bad @returns {never} */
function finish(bad) {
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exit(bad ? 1 : 0);
}

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
async function respond(request, response) {
  const [, root = "", ...rest] = new URL(request.url ?? "", "http://localhost").pathname.split("/");
  const { status = 200, type, body } = await answer(root, rest.join("/"));
  const headers = {
    "Content-Type": type,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "max-age=600",
  };
  response.writeHead(status, root === "isolated" ? { ...headers, ...ISOLATION } : headers).end(body);
}

/**
 * `/MODE/`: pages and their modules; `/modules/`: those again. `/files/`: the repository. `/node/x.json`: what test/browser/x.node.ts computes.
 * @param {string} root @param {string} name @returns {Promise<{ status?: number, type: string, body: string | Uint8Array }>}
 */
async function answer(root, name) {
  const missing = { status: 404, type: "text/plain", body: "not there" };
  if (root === "files") {
    const path = join(ROOT, normalize(`/${name}`));
    return existsSync(path) ? { type: "application/octet-stream", body: readFileSync(path) } : missing;
  }
  if (root === "node") {
    const path = `test/browser/${name.replace(/\.json$/, ".node.ts")}`;
    const result = computed.get(path) ?? runInNode(path);
    computed.set(path, result);
    return result.then(
      (value) => ({ type: "application/json", body: JSON.stringify(value) }),
      (error) => ({ status: 500, type: "text/plain", body: String(error?.stack ?? error) }),
    );
  }
  const module = modules.get(name);
  if (module) return { type: "text/javascript", body: module };
  if (!modules.has(name.replace(/\.html$/, ".js"))) return missing;
  return { type: "text/html", body: pageOf(`/${root}/${name.replace(/\.html$/, ".js")}`) };
}

/** @param {string} module */
function pageOf(module) {
  return `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module">
    try {
      const { run } = await import("${module}");
      globalThis.result = await run();
    } catch (error) { globalThis.result = String(error?.stack ?? error); }
  </script>`;
}
