import type { Environment, Platform, Terminal } from "./platform.ts";

// Loaded by pages that have files to do with.
export const writeFileAtomic: Platform["writeFileAtomic"] = async (path, chunks) =>
  (await import("./browser-files.ts")).writeFileAtomic(path, chunks);

export const readFile: Platform["readFile"] = async (path) => (await import("./browser-files.ts")).readFile(path);

export const now: Platform["now"] = () => performance.now();

/**
 * Messages are tasks of their own; a timer would be held back to 4 ms, or to a second in a hidden tab. Timers that are
 * due join the queue when the first message is taken from it, and so come before the second.
 */
export const nextTurn: Platform["nextTurn"] = async () => {
  await message();
  await message();
};

function message(): Promise<void> {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(null);
  });
}

let unfinishedLine = "";

export const stdout: Terminal = {
  isTerminal: false,
  columns: 80,
  colour: false,
  write(text) {
    const lines = (unfinishedLine + text).split("\n");
    unfinishedLine = lines.pop() ?? "";
    for (const line of lines) console.log(line);
  },
};

export const environment: Environment = {
  runtime: browserName(navigator.userAgent),
  cores: navigator.hardwareConcurrency || 1,
};

export const setting: Platform["setting"] = () => null;

export const widenVectors: Platform["widenVectors"] = () => "a page cannot set V8's flags";

export const startWorker: Platform["startWorker"] = (source, ended) => {
  try {
    const script = new Blob(["const onMail = (take) => { onmessage = ({ data }) => take(data); };\n", source]);
    const address = URL.createObjectURL(script);
    const worker = new Worker(address);
    // A content security policy may forbid workers from blobs: some browsers throw, others tell it here.
    worker.onerror = ({ message }) => ended(message || "the page's content security policy may forbid it");
    return {
      post: (message) => worker.postMessage(message, []),
      stop() {
        worker.terminate();
        URL.revokeObjectURL(address);
      },
    };
  } catch {
    return null;
  }
};

export const nativeProducts: Platform["nativeProducts"] = () => ({ native: null, why: "no: this is a page" });

export const randomSeed: Platform["randomSeed"] = () => crypto.getRandomValues(new Uint32Array(1))[0];

/** Chrome's agent also says Safari, and Edge's says both: the most telling name comes first. */
function browserName(agent: string): string {
  for (const name of ["Edg", "Firefox", "Chrome", "HeadlessChrome", "Version"]) {
    const version = new RegExp(`\\b${name}/(\\d+)`).exec(agent);
    if (version !== null) return `${{ Edg: "Edge", Version: "Safari" }[name] ?? name} ${version[1]}`;
  }
  return agent;
}
