// npm run test:browser [-- NAME ...]: test/browser/*.test.ts in headless Chromium, each in two pages: one cross-origin
// isolated, one not. The browser is one that is installed ($CHROMIUM, or found in the usual places); none is downloaded.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, extname, join, normalize } from "node:path";
import { ensureInstalled } from "./ensure.mjs";
import { filesUnder, ROOT } from "./project.mjs";

await ensureInstalled();
const { build } = await import("esbuild");
const { chromium } = await import("playwright-core");

const TEST_TIMEOUT = 60_000;
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]; // biome-ignore format: one list
// As root, in a container, with no line to the outside.
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"]; // biome-ignore format: one list

const executablePath = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path));
const counts = { passed: 0, failed: 0, skipped: 0 };
if (!executablePath || !existsSync(executablePath)) {
  console.error(
    "test:browser: NO CHROMIUM, NOTHING WAS TESTED. Install it (apt-get install chromium), or set CHROMIUM.",
  );
  finish(process.env.CI === "true");
}

const wanted = process.argv.slice(2);
const tests = filesUnder("test/browser", { match: /\.test\.ts$/ }).filter(
  (path) => wanted.length === 0 || wanted.some((name) => path.includes(name)),
);
if (tests.length === 0) {
  console.error(`test:browser: no test of test/browser/ matches ${wanted.join(", ") || "*.test.ts"}.`);
  finish(true);
}

const files = await bundle(tests);
const server = createServer(respond);
await new Promise((done) => server.listen(0, "127.0.0.1", () => done(null)));
const address = server.address();
const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
const browser = await chromium.launch({ executablePath, args: FLAGS });
console.log(`Chromium ${browser.version()}`);
try {
  for (const path of tests) for (const mode of ["isolated", "plain"]) await runPage(basename(path, ".ts"), mode);
} finally {
  await browser.close();
  server.close();
}
finish(counts.failed > 0);

/** @param {string} name of the bundled test @param {string} mode */
async function runPage(name, mode) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  console.log(`${name} (${mode})`);
  try {
    await page.goto(`${origin}/${mode}/${name}.html`);
    const finished = page.waitForFunction("globalThis.outcomes ?? globalThis.failure", null, {
      timeout: 30 * TEST_TIMEOUT,
    });
    const crashed = new Promise((_, reject) => page.on("crash", () => reject(new Error("the page crashed"))));
    const result = await (await Promise.race([finished, crashed])).jsonValue();
    if (typeof result === "string") throw new Error(result);
    if (result.length === 0) throw new Error("it registered no test");
    for (const outcome of result) show(outcome);
  } catch (error) {
    show({ name: "the page loads and ends", state: "failed", message: `${error}\n${complaints.join("\n")}` });
  }
  await page.close();
}

/** @param {import("../test/browser/harness.ts").Outcome} outcome */
function show({ name, state, message }) {
  counts[state]++;
  console.log(`  ${state === "passed" ? "ok  " : state === "skipped" ? "skip" : "FAIL"}  ${name}`);
  if (message) console.log(message.replace(/^/gm, "        "));
}

/** @param {boolean} bad @returns {never} */
function finish(bad) {
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exit(bad ? 1 : 0);
}

/** Each test and worker as one module for a browser, by name. @param {string[]} paths @returns {Promise<Map<string, Uint8Array>>} */
async function bundle(paths) {
  const workers = filesUnder("test/browser", { match: /\.worker\.ts$/ });
  const { outputFiles } = await build({
    entryPoints: [...paths, ...workers, "test/browser/harness.ts"].map((path) => join(ROOT, path)),
    outdir: "out",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    conditions: ["browser"],
    alias: { gradwise: join(ROOT, "src/index.ts"), "@gradwise/datasets": join(ROOT, "datasets/src/index.ts") },
    tsconfig: join(ROOT, "tsconfig.browser.json"),
    sourcemap: "inline",
    write: false,
    logLevel: "warning",
  });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
function respond(request, response) {
  const [, mode = "", ...rest] = new URL(request.url ?? "", "http://localhost").pathname.split("/");
  const name = rest.join("/");
  const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
  /** @param {string} type @param {string | Uint8Array} body @param {number} [status] */
  const send = (type, body, status = 200) => {
    const headers = { "Content-Type": type, "Cross-Origin-Resource-Policy": "same-origin" };
    response.writeHead(status, mode === "isolated" ? { ...headers, ...isolation } : headers).end(body);
  };
  const script = files.get(name);
  // @gradwise/datasets looks for its data in ../data, seen from its module
  if (mode === "files" || mode === "data") {
    const path = join(ROOT, mode === "data" ? "datasets/data" : "", normalize(`/${name}`));
    return existsSync(path)
      ? send("application/octet-stream", readFileSync(path))
      : send("text/plain", "not there", 404);
  }
  if (script) return send("text/javascript", script);
  if (extname(name) === ".html") return send("text/html", pageOf(basename(name, ".html"), mode === "isolated"));
  return send("text/plain", "not there", 404);
}

/** @param {string} name @param {boolean} isolated */
function pageOf(name, isolated) {
  return `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module">
    try {
      await import("./${name}.js");
      const { runAll } = await import("./harness.js");
      globalThis.outcomes = await runAll({ isolated: ${isolated} }, ${TEST_TIMEOUT});
    } catch (error) { globalThis.failure = String(error?.stack ?? error); }
  </script>`;
}
