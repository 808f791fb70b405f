/** Values of the loss and of the metrics M, which may not be known here. */
export type ByName<M extends string, T> = { readonly loss: T } & { readonly [N in M]: T };

/** What a fit recorded: one value an epoch, by name ("loss", "accuracy", "val_loss" ...). */
export class History<M extends string = string> {
  /** The epochs' numbers, from 0. */
  readonly epoch: number[] = [];
  readonly history: ByName<M, number[]> & { readonly [name in `val_${"loss" | M}`]?: number[] };
  /** What shuffling and dropout were drawn from; the same seed gives the same training. */
  readonly seed: number;
  /** Why training ended before the last epoch, or null. */
  stopped: "aborted" | null = null;
  /** Where the loss was first not a finite number, or null. */
  nonFinite: { readonly epoch: number; readonly batch: number } | null = null;

  constructor(seed: number, names: readonly string[]) {
    this.seed = seed;
    this.history = Object.fromEntries(names.map((name) => [name, []])) as unknown as History<M>["history"];
  }

  record(epoch: number, logs: Readonly<Record<string, number>>): void {
    this.epoch.push(epoch);
    const columns = this.history as Record<string, number[]>;
    for (const [name, value] of Object.entries(logs)) {
      columns[name] ??= [];
      columns[name].push(value);
    }
  }
}
