// tested by src/backends/wasm/threads/pool.test.ts

/** Words of the block in shared memory by which the caller and its workers speak. */
export const WORDS = {
  /** turn << 8 | parts that nobody has claimed yet. A claim is a compare-exchange to one less. */
  claim: 0,
  /** Parts that workers have finished. */
  done: 1,
  /** The job: written while nothing can be claimed, so that who claims a part has read what belongs to it. */
  program: 2,
  kernel: 3,
  address: 4,
  bytes: 5,
  parts: 6,
  /** Changes when sleepers are to look again; they wait for it. */
  event: 7,
  sleepers: 8,
  /** How many messages were posted to each worker. */
  mail: 9,
  /** The caller sleeps until `done` changes. */
  joining: 10,
  /** A kernel trapped. */
  failed: 11,
} as const;

export const WORD_COUNT = 16;

/** Milliseconds without work after which a worker goes to sleep: longer than what lies between two steps of `fit`. */
const SPIN = 0.2;

/**
 * What a worker runs; the platform gives it `onMail`. It is text, since bundlers move files and rename functions.
 * It looks for parts to claim, and skips programs that it does not know. To take its messages it returns to the event
 * loop, which is the one way that all runtimes have.
 */
export const WORKER_SOURCE: string = `
const { claim, done, program, kernel, address, bytes, parts, event, sleepers, mail, joining, failed } = ${JSON.stringify(WORDS)};
const programs = new Map(), made = new Map();
let I, memory, thread, taken = 0;
onMail((message) => {
  if (message.memory) {
    ({ memory, thread } = message);
    I = new Int32Array(memory.buffer, message.control, ${WORD_COUNT});
  } else {
    taken++;
    if (message.module) add(message);
    else programs.delete(message.id);
  }
  work();
});
function add({ id, module, handMade, count }) {
  const kernels = {};
  for (const [name, code] of handMade) {
    if (!made.has(name)) made.set(name, new WebAssembly.Instance(code, { env: { memory } }).exports);
    Object.assign(kernels, made.get(name));
  }
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, kernels, threads: { run() {}, walk() {} } });
  programs.set(id, Array.from({ length: count }, (_, at) => exports["part" + at]));
}
function work() {
  let since = performance.now();
  for (let spins = 1; ; spins++) {
    const seen = Atomics.load(I, event), word = Atomics.load(I, claim), left = word & 255;
    const known = left > 0 && programs.get(I[program]);
    if (known) {
      const run = known[I[kernel]], at = I[address] + (I[parts] - left) * I[bytes];
      if (Atomics.compareExchange(I, claim, word, word - 1) !== word) continue;
      try {
        run(at, thread);
      } catch {
        Atomics.store(I, failed, 1);
      }
      Atomics.add(I, done, 1);
      if (Atomics.load(I, joining)) Atomics.notify(I, done);
      spins = 0;
      continue;
    }
    if (Atomics.load(I, mail) !== taken) return;
    if (spins % 64) continue;
    const now = performance.now();
    if (spins === 64) since = now;
    if (now - since < ${SPIN}) continue;
    Atomics.add(I, sleepers, 1);
    if (Atomics.load(I, claim) === word && Atomics.load(I, mail) === taken) Atomics.wait(I, event, seen);
    Atomics.sub(I, sleepers, 1);
    spins = 0;
  }
}
`;
