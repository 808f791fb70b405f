/** How long the page's event loop made others wait: timers that are due at once, and frames to paint. */
export interface Waits {
  /** Milliseconds from each turn to the next, shortest first. */
  readonly timers: readonly number[];
  readonly frames: readonly number[];
}

/**
 * Runs a measurement until it passes, three times at most: a busy machine adds to waits and never takes any away, so
 * that one run within the bounds shows that nothing of ours holds the page up, and what does fails each time.
 */
export async function inThreeTries(measure: () => Promise<void>): Promise<void> {
  for (let attempt = 1; attempt < 3; attempt++) {
    try {
      return await measure();
    } catch {
      // the next attempt tells
    }
  }
  await measure();
}

/** Runs `body` and notes when timers and frames get their turns meanwhile. */
export async function waitsDuring(body: () => Promise<unknown>): Promise<Waits> {
  const times = { timers: [performance.now()], frames: [performance.now()] };
  let running = true;
  const timer = (): void => {
    times.timers.push(performance.now());
    if (running) setTimeout(timer);
  };
  const frame = (): void => {
    times.frames.push(performance.now());
    if (running) requestAnimationFrame(frame);
  };
  setTimeout(timer);
  requestAnimationFrame(frame);
  try {
    await body();
  } finally {
    running = false;
  }
  times.timers.push(performance.now());
  return { timers: gaps(times.timers), frames: gaps(times.frames) };
}

/** The value below which this share of the waits lies. */
export function quantile(waits: readonly number[], share: number): number {
  return waits[Math.min(waits.length - 1, Math.floor(share * waits.length))];
}

function gaps(times: readonly number[]): number[] {
  return times
    .slice(1)
    .map((time, i) => time - times[i])
    .sort((a, b) => a - b);
}
