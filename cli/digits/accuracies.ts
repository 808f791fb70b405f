import type { DigitNetwork } from "./digit-network.ts";
import type { DigitSets } from "./digit-sets.ts";

/** The share of digits that are read right, 0 to 1, in each part. */
export type Accuracies = { readonly [Part in keyof DigitSets]: number };

export async function accuraciesOf(net: DigitNetwork, sets: DigitSets): Promise<Accuracies> {
  const of = async ({ x, y }: DigitSets["test"]): Promise<number> => (await net.evaluate(x, y)).accuracy;
  return { train: await of(sets.train), validation: await of(sets.validation), test: await of(sets.test) };
}

export function meanOf(all: readonly Accuracies[]): Accuracies {
  const mean = (part: keyof Accuracies): number => all.reduce((sum, one) => sum + one[part], 0) / all.length;
  return { train: mean("train"), validation: mean("validation"), test: mean("test") };
}

/** The last line of a run: what scripts and people look for. */
export function lastLine({ test }: Accuracies): string {
  return `test accuracy ${test.toFixed(3)}`;
}
