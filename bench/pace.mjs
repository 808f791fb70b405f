/**
 * Wraps `run(steps)` as `work(milliseconds)`, which takes as many steps as the last call's speed says.
 * `run` resolves once the work is truly finished, and may return how many steps it made of it
 * (a peer that trains by whole epochs rounds). What is counted: examples, products or predictions.
 */
export function paced(countPerStep, run) {
  let stepsPerMillisecond = 0;
  return async (milliseconds) => {
    const asked = Math.max(1, Math.round(stepsPerMillisecond * milliseconds));
    const start = performance.now();
    const steps = (await run(asked)) ?? asked;
    const elapsed = performance.now() - start;
    stepsPerMillisecond = steps / elapsed;
    return { count: steps * countPerStep, milliseconds: elapsed };
  };
}

/** Of several ways to do the same work, by name: times each once, and names the fastest. */
export async function fastest(ways, milliseconds) {
  let best;
  for (const [name, work] of Object.entries(ways)) {
    await work(0);
    await work(milliseconds / 3); // the first step tells the pace of compiling
    const { count, milliseconds: elapsed } = await work(milliseconds);
    if (!best || count / elapsed > best.speed) best = { name, speed: count / elapsed };
  }
  return best.name;
}
