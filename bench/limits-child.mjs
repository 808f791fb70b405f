// The limits that JavaScript can see: bare loops of multiply+add and of FMA on one core, and copying memory.
import { bareLoops } from "./bare-loop.mjs";

const copied = 1 << 24; // floats: 64 MB from, 64 MB to
const [from, to] = [new Float32Array(copied).fill(1), new Float32Array(copied).fill(2)];

/** Work a second by `run`, which returns what one call did; the best of the time given. */
function best(run, milliseconds) {
  let most = 0;
  const end = performance.now() + milliseconds;
  do {
    const start = performance.now();
    const work = run();
    most = Math.max(most, work / (performance.now() - start));
  } while (performance.now() < end);
  return most / 1e6; // per millisecond, in units of 1e9 a second
}

function copy() {
  to.set(from);
  return 8 * copied; // bytes read and written
}

const { multiplyAdd, fma } = bareLoops();

process.on("message", ({ milliseconds }) => {
  process.send({
    multiplyAdd: Math.max(...multiplyAdd.map((run) => best(run, milliseconds / multiplyAdd.length))),
    ...(fma.length > 0 && { fma: Math.max(...fma.map((run) => best(run, milliseconds / fma.length))) }),
    copy: best(copy, milliseconds),
  });
});
process.on("disconnect", () => process.exit());
