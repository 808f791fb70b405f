// tested by src/backends/wasm/threads/pool.test.ts

/** Words of the block in shared memory by which the caller and its workers speak. */
export const WORDS = {
  /** The number of the job; the last word that is written of it. */
  turn: 0,
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

/**
 * Behind them a word a thread: turn << 8 | those of its parts that nobody has claimed yet. A claim is a compare-exchange
 * to one less. A thread begins with its own parts, the same in each call of a size: so that what it wrote in one kernel
 * is in its processor's cache in the next, and in the next step. Then it helps others.
 */
export const CLAIMS = 12;

/** Where a thread's parts begin: the worker's script says it too. */
export function firstPartOf(thread: number, parts: number, threads: number): number {
  return Math.ceil((thread * parts) / threads);
}

/** Milliseconds without work after which a worker goes to sleep: longer than what lies between two steps of `fit`. */
const SPIN = 0.2;

/**
 * What a worker runs; the platform gives it `onMail`. It is text, since bundlers move files and rename functions.
 * It looks for parts to claim, and skips programs that it does not know. To take its messages it returns to the event
 * loop, which is the one way that all runtimes have. What only the caller calls, native kernels and the pool, does
 * nothing here, but must be there for a program to link.
 */
export const WORKER_SOURCE: string = `
const W = ${JSON.stringify(WORDS)};
const programs = new Map(), made = new Map();
let I, memory, self, threads, taken = 0;
onMail((message) => {
  if (message.memory) {
    ({ memory, self, threads } = message);
    I = new Int32Array(memory.buffer, message.control, ${CLAIMS} + threads);
  } else {
    taken++;
    if (message.module) add(message);
    else forget(message.id);
  }
  work();
});
// An idle worker allocates nothing, so nothing would ever collect what it has dropped: an array buffer that nobody
// touches makes V8 look (engine/press-collector.ts).
let forgotten = 0;
function forget(id) {
  if (!programs.delete(id) || ++forgotten % 16 !== 0) return;
  try {
    new ArrayBuffer(2 ** 28);
  } catch {}
}
function add({ id, module, handMade, count }) {
  const kernels = Object.create(new Proxy({}, { get: () => () => {} }));
  for (const [name, code] of handMade) {
    if (!made.has(name)) made.set(name, new WebAssembly.Instance(code, { env: { memory } }).exports);
    Object.assign(kernels, made.get(name));
  }
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, kernels, threads: kernels });
  programs.set(id, Array.from({ length: count }, (_, at) => exports["part" + at]));
}
/** Computes what is left of a thread's parts. */
function claim(thread) {
  for (;;) {
    const word = Atomics.load(I, ${CLAIMS} + thread), left = word & 255;
    const known = left > 0 && programs.get(I[W.program]);
    if (!known) return;
    const parts = I[W.parts], run = known[I[W.kernel]];
    const at = I[W.address] + (Math.ceil(((thread + 1) * parts) / threads) - left) * I[W.bytes];
    if (Atomics.compareExchange(I, ${CLAIMS} + thread, word, word - 1) !== word) continue;
    try {
      run(at, self);
    } catch {
      Atomics.store(I, W.failed, 1);
    }
    Atomics.add(I, W.done, 1);
    if (Atomics.load(I, W.joining)) Atomics.notify(I, W.done);
  }
}
function work() {
  let since = performance.now(), turn = -1;
  for (let spins = 1; ; spins++) {
    const event = Atomics.load(I, W.event), now = Atomics.load(I, W.turn);
    if (now !== turn) {
      for (let i = 0; i < threads; i++) claim((self + i) % threads);
      turn = now;
      spins = 0;
    }
    if (Atomics.load(I, W.mail) !== taken) return;
    if (spins % 64) continue;
    const time = performance.now();
    if (spins === 0) since = time;
    if (time - since < ${SPIN}) continue;
    Atomics.add(I, W.sleepers, 1);
    if (Atomics.load(I, W.turn) === turn && Atomics.load(I, W.mail) === taken) Atomics.wait(I, W.event, event);
    Atomics.sub(I, W.sleepers, 1);
    since = performance.now();
  }
}
`;
