import { parseArgs } from "node:util";
import { NETWORKS, type NetworkName } from "./digits/networks.ts";

export interface Options {
  readonly network: NetworkName;
  /** For weights and shuffling. */
  readonly seed: number;
  /** How many networks to compare, with seeds from `seed` on; null for the main job, which trains one and shows it. */
  readonly seeds: number | null;
  readonly epochs: number;
  /** Where the trained model goes. */
  readonly save: string;
}

/** A mistake on the command line; its message is all that the user needs to see. */
export class UsageError extends Error {
  override name = "UsageError";
}

const { dense, conv } = NETWORKS;

export const USAGE: string = `npm start [-- OPTIONS]

Trains a small network (25, 15 and 10 units) to read 5,000 handwritten digits,
shows how well it does, saves it, loads it again and predicts with it.

  --conv        a network of convolutions instead: 16 and 32 filters, 64 and 10 units
  --epochs N    passes over the training digits (default ${dense.epochs}; with --conv ${conv.epochs})
  --seed N      for weights, shuffling and dropout: the same seed, the same network (default 0)
  --seeds N     trains N networks, with seeds from --seed on, and prints their mean; saves nothing
  --save PATH   where the model goes (default ${dense.save};
                with --conv ${conv.save})
  --help        shows this

Ctrl-C ends training after the step that is running and goes on with what was
learned; a second Ctrl-C ends the program at once.
`;

/** The options in \`args\`, or null when help is asked for. */
export function parseOptions(args: readonly string[]): Options | null {
  const given = parsed(args);
  if (given.help) return null;
  const network = given.conv ? "conv" : "dense";
  const recipe = NETWORKS[network];
  const seed = wholeNumber("--seed", given.seed, { from: 0, to: 2 ** 32 - 1 }) ?? 0;
  const seeds = wholeNumber("--seeds", given.seeds, { from: 1, to: 1000 });
  const epochs = wholeNumber("--epochs", given.epochs, { from: 1, to: 100_000 }) ?? recipe.epochs;
  const save = given.save ?? recipe.save;
  // Known before training, not after it.
  if (!save.endsWith(".safetensors")) {
    throw new UsageError(`--save: expected a path that ends in .safetensors, got "${save}".`);
  }
  if (given.seeds !== undefined && given.save !== undefined) {
    throw new UsageError("--save and --seeds exclude each other: of several networks none is saved. Leave one out.");
  }
  return { network, seed, seeds, epochs, save };
}

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  conv: { type: "boolean" },
  epochs: { type: "string" },
  seed: { type: "string" },
  seeds: { type: "string" },
  save: { type: "string" },
} as const;

interface Given {
  readonly help?: boolean;
  readonly conv?: boolean;
  readonly epochs?: string;
  readonly seed?: string;
  readonly seeds?: string;
  readonly save?: string;
}

function parsed(args: readonly string[]): Given {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const [message] = (error instanceof Error ? error.message : String(error)).split(". To specify");
    throw new UsageError(
      `${message.replace(/\.$/, "")}. There are: ${Object.keys(OPTIONS)
        .map((name) => `--${name}`)
        .join(", ")}.`,
    );
  }
}

function wholeNumber(
  option: string,
  text: string | undefined,
  { from, to }: { from: number; to: number },
): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new UsageError(`${option}: expected a whole number from ${from} to ${to}, got "${text}".`);
}
