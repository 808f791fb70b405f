import { now, stdout } from "#platform";

/** 0: silent. 1: a live bar in a terminal, a line an epoch in a pipe. 2: a line an epoch. */
export type Verbose = 0 | 1 | 2 | "auto";

type Logs = Readonly<Record<string, number>>;

const BAR = 20;

/** What fit shows while it runs, as Keras shows it. */
export class Progress {
  readonly #live: boolean;
  readonly #silent: boolean;
  readonly #epochs: number;
  #started = 0;
  #batches: number | null = null;

  constructor(verbose: Verbose, epochs: number) {
    this.#silent = verbose === 0;
    this.#live = verbose !== 2 && verbose !== 0 && stdout.isTerminal;
    this.#epochs = epochs;
  }

  get isSilent(): boolean {
    return this.#silent;
  }

  /** `batches` is null while nobody knows how many there will be. */
  beginEpoch(epoch: number, batches: number | null): void {
    this.#started = now();
    this.#batches = batches;
    if (!this.#silent) stdout.write(`Epoch ${epoch + 1}/${this.#epochs}\n`);
  }

  update(batch: number, logs: () => Logs): void {
    if (this.#live) stdout.write(`\r\x1b[2K${fit(this.#line(batch, logs()), stdout.columns)}`);
  }

  endEpoch(batch: number, logs: Logs): void {
    if (this.#silent) return;
    stdout.write(`${this.#live ? "\r\x1b[2K" : ""}${this.#line(batch, logs)}\n`);
  }

  /** A line of its own, below what is shown. */
  note(text: string): void {
    if (!this.#silent) stdout.write(`${this.#live ? "\r\x1b[2K" : ""}${text}\n`);
  }

  #line(batch: number, logs: Logs): string {
    const total = this.#batches;
    const elapsed = now() - this.#started;
    const count = total === null ? String(batch) : `${String(batch).padStart(String(total).length)}/${total}`;
    const done = total === null || total === 0 ? 0 : Math.round((BAR * Math.min(batch, total)) / total);
    const bar = total === null ? "" : ` ${"━".repeat(done)}${"─".repeat(BAR - done)}`;
    const values = Object.entries(logs).map(([name, value]) => `${name}: ${value.toFixed(4)}`);
    return [`${count}${bar} ${duration(elapsed)} ${duration(elapsed / Math.max(batch, 1))}/step`, ...values].join(" - ");
  }
}

function fit(line: string, columns: number): string {
  return line.length < columns ? line : line.slice(0, Math.max(1, columns - 1));
}

/** 1m05s, 12s, 340ms, 85us: the unit that needs no zeros. */
export function duration(ms: number): string {
  if (ms >= 60_000) return `${Math.floor(ms / 60_000)}m${String(Math.floor((ms % 60_000) / 1000)).padStart(2, "0")}s`;
  if (ms >= 10_000) return `${Math.round(ms / 1000)}s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)}s`;
  return ms >= 1 ? `${Math.round(ms)}ms` : `${Math.round(ms * 1000)}us`;
}
