import { nextTurn, now } from "#platform";
import { MemoryError } from "../core/errors.ts";
import { engine } from "../engine/engine.ts";
import { pressCollector } from "../engine/press-collector.ts";

/** How often a call tries again, and how many turns, and how long, it gives a collection to come each time. */
const TRIES = 5;
const TURNS = 6;
/** Turns may be short, while V8 marks beside them, in threads that may have to wait for a processor. */
const PATIENCE_MS = 100;

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
  #tries = 0;

  /** `makeRoom` drops what the caller itself can do without. */
  constructor(makeRoom: () => void) {
    this.#makeRoom = makeRoom;
  }

  /** Returns when it is worth another try; throws what waiting does not mend. */
  async after(error: unknown): Promise<void> {
    if (!(error instanceof MemoryError) || hopeless.has(error) || this.#tries === TRIES) throw error;
    if (this.#tries++ === 0) this.#makeRoom();
    const { heap } = engine();
    engine().releaseArena();
    const { usedBytes } = heap;
    const end = now() + PATIENCE_MS;
    for (let turn = 0; heap.usedBytes >= usedBytes && (turn < TURNS || now() < end); turn++) {
      if (turn < TURNS) pressCollector();
      await nextTurn();
    }
    await nextTurn(); // a collection's finalizers take a turn or two
  }

  /** What `attempt` gives, tried again while the heap is full; `full` is the error of a first attempt elsewhere. */
  async for<T>(attempt: () => T, full: unknown = null): Promise<T> {
    if (full !== null) await this.after(full);
    for (;;) {
      try {
        return attempt();
      } catch (error) {
        await this.after(error);
      }
    }
  }
}
