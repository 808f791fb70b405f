import process from "node:process";
import { GradwiseError } from "gradwise";
import { compareSeeds } from "./commands/compare-seeds.ts";
import { trainDigits } from "./commands/train-digits.ts";
import { signalOfInterrupts } from "./interruption.ts";
import { parseOptions, USAGE, UsageError } from "./options.ts";
import { wantsColour } from "./terminal/colour.ts";
import type { Screen } from "./terminal/screen.ts";

/** The main job: `npm start`. Gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { stdout, env } = process;
  const screen: Screen = {
    print: (text) => stdout.write(`${text}\n`),
    colour: wantsColour(stdout, env),
    columns: stdout.columns || 80,
  };
  try {
    const options = parseOptions(args);
    if (options === null) {
      screen.print(USAGE.trimEnd());
      return 0;
    }
    const signal = signalOfInterrupts(process);
    if (options.seeds === null) await trainDigits(options, screen, signal);
    else await compareSeeds({ ...options, seeds: options.seeds }, screen, signal);
    return 0;
  } catch (error) {
    if (error instanceof UsageError)
      process.stderr.write(`npm start: ${error.message}\nnpm start -- --help says more.\n`);
    else if (error instanceof GradwiseError) process.stderr.write(`npm start: ${error.message}\n`);
    else throw error;
    return error instanceof UsageError ? 2 : 1;
  }
}

// Whoever reads may have seen enough: npm start | head.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));
