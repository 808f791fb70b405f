import { nextTurn } from "#platform";
import { MemoryError } from "../core/errors.ts";
import { engine } from "../engine/engine.ts";

/** Finalizers run in the turn after a collection, and a collection may take some turns to come. */
const TURNS = 12;
/** V8 does not see the heap's bytes, but it does see these, and collects because of them: measured, after two or three. */
const PRESSURE = 64 * 2 ** 20;

/** Errors that no waiting mends: a plan that is larger than the whole heap. */
const hopeless = new WeakSet<MemoryError>();

/** Marks an error as one that waiting does not mend. */
export function withoutHope(error: MemoryError): MemoryError {
  hopeless.add(error);
  return error;
}

/** The patience of one call with a full heap. */
export class MemoryWait {
  readonly #makeRoom: () => void;
  #turns = 0;

  /** `makeRoom` drops what the caller itself can do without. */
  constructor(makeRoom: () => void) {
    this.#makeRoom = makeRoom;
  }

  /** Returns when it is worth another try; throws what waiting does not mend. */
  async after(error: unknown): Promise<void> {
    if (!(error instanceof MemoryError) || hopeless.has(error) || this.#turns === TURNS) throw error;
    if (this.#turns++ === 0) this.#makeRoom();
    engine().releaseArena();
    pressCollector();
    await nextTurn();
  }

  /** What `attempt` gives, tried again while the heap is full. */
  async for<T>(attempt: () => T): Promise<T> {
    for (;;) {
      try {
        return attempt();
      } catch (error) {
        await this.after(error);
      }
    }
  }
}

function pressCollector(): void {
  try {
    new ArrayBuffer(PRESSURE);
  } catch {
    // No memory for it: then the collector has been pressed already.
  }
}
