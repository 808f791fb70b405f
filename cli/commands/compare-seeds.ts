import { type Accuracies, accuraciesOf, lastLine, meanOf } from "../digits/accuracies.ts";
import { loadDigitSets } from "../digits/digit-sets.ts";
import { NETWORKS } from "../digits/networks.ts";
import type { Options } from "../options.ts";
import type { Screen } from "../terminal/screen.ts";

/** Trains the same network from several seeds, and prints the accuracies of each and their mean. */
export async function compareSeeds(
  options: Options & { readonly seeds: number },
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  const sets = await loadDigitSets();
  const { train } = sets;
  const { make, batchSize } = NETWORKS[options.network];
  screen.print(`${options.epochs} epochs on 4,000 handwritten digits, from ${options.seeds} seeds.\n`);
  screen.print("  seed   train  validation    test");
  const finished: Accuracies[] = [];
  const end = options.seed + options.seeds;
  for (let seed = options.seed; seed < end && !(signal.aborted && finished.length > 0); seed++) {
    const net = make(seed);
    const fit = { epochs: options.epochs, batchSize, verbose: 0, seed, signal } as const;
    const { stopped } = await net.fit(train.x, train.y, fit);
    const accuracies = await accuraciesOf(net, sets);
    screen.print(row(String(seed), accuracies) + (stopped === null ? "" : "  stopped by Ctrl-C"));
    // A network that was cut short says nothing of the others; alone it is all there is.
    if (stopped === null || finished.length === 0) finished.push(accuracies);
  }
  const mean = meanOf(finished);
  screen.print(`${row("mean", mean)}\n`);
  screen.print(lastLine(mean));
}

function row(head: string, { train, validation, test }: Accuracies): string {
  const [first, second, third] = [train, validation, test].map((accuracy) => accuracy.toFixed(3));
  return `${head.padStart(6)}${first.padStart(8)}${second.padStart(12)}${third.padStart(8)}`;
}
