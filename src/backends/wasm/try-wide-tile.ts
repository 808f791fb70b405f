import { ModuleBuilder } from "./assembler/module-builder.ts";
import { laneTypes } from "./kernels/lane-type.ts";
import { addTileKernel, type Tile } from "./kernels/matmul-tile.ts";

/** Long enough for V8 to compile both tiles well, in the background, on a busy machine. */
const MOST_MILLISECONDS = 1000;
/** V8's first code is several times slower than its best. */
const SETTLED = 2;
/** Rounds of settled code without a better time, after which there will be none. */
const PATIENCE = 60;
/** Wide vectors make up for their risk from here on. */
const WORTH = 1.15;

const steps = 256;
const tiles = 8;

/** Runs the same products by both tiles. Gives why the wide one must not be used, or null. */
export function tryWideTile(narrow: Tile, wide: Tile): string | null {
  const trials = [newTrial(narrow, wide.vectors), newTrial(wide, wide.vectors)];
  for (const trial of trials) trial.time(); // V8 compiles in it
  const first = trials.map((trial) => Math.min(trial.time(), trial.time()));
  const best = [...first];
  const end = performance.now() + MOST_MILLISECONDS;
  for (let idle = 0; idle < PATIENCE && performance.now() < end; ) {
    const times = trials.map((trial) => trial.time());
    if (!sameWords(trials[0].bits(), trials[1].bits())) return "their bits differ on this machine";
    const better = times.some((time, i) => time < 0.95 * best[i]);
    times.forEach((time, i) => {
      best[i] = Math.min(best[i], time);
    });
    const settled = best.every((time, i) => time * SETTLED <= first[i]);
    idle = better || !settled ? 0 : idle + 1;
  }
  const gain = best[0] / best[1];
  return gain >= WORTH ? null : `they are no faster on this machine (${gain.toFixed(2)} times the speed)`;
}

function sameWords(xs: Uint32Array, ys: Uint32Array): boolean {
  return xs.every((x, i) => x === ys[i]);
}

interface Trial {
  /** Milliseconds of one product. */
  time(): number;
  bits(): Uint32Array;
}

/** A product of 4 * tiles rows and `vectors` vectors of columns, by as many tiles side by side as it takes. */
function newTrial(tile: Tile, vectors: number): Trial {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 });
  const module = new ModuleBuilder({ memory: { shared: false, maximum: 4 } });
  addTileKernel(module, tile, "k", "run");
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory } });
  const run = exports["run"] as (...args: number[]) => void;
  const width = vectors * 16;
  const [a, b, c] = [64, 64 + steps * tile.rows * 4, 64 + steps * (tile.rows * 4 + width)];
  const values = new Float32Array(memory.buffer, a, (c - a) / 4);
  for (let i = 0; i < values.length; i++) values[i] = ((i * 7919) % 1013) / 7 - 72;
  const { lanes } = laneTypes.float32;
  const panels = Array.from({ length: vectors / tile.vectors }, (_, panel) => panel * tile.vectors * 16);
  return {
    time() {
      const start = performance.now();
      for (const at of panels) {
        run(a, b + at, c + at, 0, 0, tiles, steps, tile.rows * 4, 0, width, width, lanes);
      }
      return performance.now() - start;
    },
    bits: () => new Uint32Array(memory.buffer, c, (tiles * tile.rows * width) / 4),
  };
}
