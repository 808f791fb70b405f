/** 0: silent. 1: a live bar in a terminal, a line an epoch in a pipe. 2: a line an epoch. "auto" is 1. */
export type Verbose = 0 | 1 | 2 | "auto";

type Logs = Readonly<Record<string, number>>;

/** Where progress goes: the platform's standard output, or a test's. */
export interface Screen {
  readonly terminal: { readonly isTerminal: boolean; readonly columns: number; write(text: string): void };
  now(): number;
}

const BAR = 20;
const CLEAR = "\r\x1b[2K";

/** What fit shows while it runs, as Keras shows it. */
export class Progress {
  readonly #screen: Screen;
  readonly #live: boolean;
  readonly #silent: boolean;
  readonly #epochs: number;
  #started = 0;
  #batches: number | null = null;

  constructor(verbose: Verbose, epochs: number, screen: Screen) {
    this.#screen = screen;
    this.#silent = verbose === 0;
    this.#live = verbose !== 2 && verbose !== 0 && screen.terminal.isTerminal;
    this.#epochs = epochs;
  }

  /** `batches` is null while nobody knows how many there will be. */
  beginEpoch(epoch: number, batches: number | null): void {
    if (this.#silent) return;
    this.#started = this.#screen.now();
    this.#batches = batches;
    this.#write(`Epoch ${epoch + 1}/${this.#epochs}\n`);
  }

  /** Only a terminal shows what goes on within an epoch: `logs` is not asked for otherwise. */
  update(batch: number, logs: () => Logs): void {
    if (!this.#live) return;
    const { terminal } = this.#screen;
    const line = this.#line(batch, logs());
    this.#write(CLEAR + (line.length < terminal.columns ? line : line.slice(0, Math.max(1, terminal.columns - 1))));
  }

  endEpoch(batch: number, logs: Logs): void {
    if (this.#silent) return;
    this.#write(`${this.#live ? CLEAR : ""}${this.#line(batch, logs)}\n`);
  }

  /** A line of its own, below what is shown. */
  note(text: string): void {
    this.#write(`${this.#live ? CLEAR : ""}${text}\n`);
  }

  #write(text: string): void {
    if (!this.#silent) this.#screen.terminal.write(text);
  }

  #line(batch: number, logs: Logs): string {
    const total = this.#batches;
    const elapsed = this.#screen.now() - this.#started;
    const count = total === null ? String(batch) : `${String(batch).padStart(String(total).length)}/${total}`;
    const times = [duration(elapsed), `${duration(elapsed / Math.max(batch, 1))}/step`];
    const start =
      this.#live && total !== null
        ? `${count} ${bar(batch / total)} ${times.join(" ")}`
        : [count, ...times].join(" - ");
    return [start, ...Object.entries(logs).map(([name, value]) => `${name}: ${digits(value)}`)].join(" - ");
  }
}

function bar(share: number): string {
  const done = Math.round(BAR * Math.min(share, 1));
  return "━".repeat(done) + "─".repeat(BAR - done);
}

/** Four decimals, or as many digits of what is too small for them. */
function digits(value: number): string {
  return value === 0 || Math.abs(value) > 1e-3 ? value.toFixed(4) : value.toExponential(4);
}

/** 1m05s, 12s, 340ms, 85us: the unit that needs no zeros. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds >= 60) return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
  if (ms >= 9950) return `${seconds}s`;
  if (ms >= 999.5) return `${(ms / 1000).toFixed(1)}s`;
  return ms >= 0.9995 ? `${Math.round(ms)}ms` : `${Math.round(ms * 1000)}us`;
}
