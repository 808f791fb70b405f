/**
 * Wraps `run(steps)` as `train(milliseconds)`, which takes as many steps as the last call's speed says.
 * `run` resolves once the work is truly finished, and may return how many steps it made of it
 * (a peer that trains by whole epochs rounds).
 */
export function paced(examplesPerStep, run) {
  let stepsPerMillisecond = 0;
  return async (milliseconds) => {
    const asked = Math.max(1, Math.round(stepsPerMillisecond * milliseconds));
    const start = performance.now();
    const steps = (await run(asked)) ?? asked;
    const elapsed = performance.now() - start;
    stepsPerMillisecond = steps / elapsed;
    return { examples: steps * examplesPerStep, milliseconds: elapsed };
  };
}
