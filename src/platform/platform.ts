/** Where text for a person goes. */
export interface Terminal {
  /** Whether a line can be rewritten in place; false in a pipe, a file and a browser. */
  readonly isTerminal: boolean;
  /** The width in characters, as it is now. */
  readonly columns: number;
  /** Whether ANSI colours are shown (NO_COLOR is respected). */
  readonly colour: boolean;
  write(text: string): void;
}

export interface Environment {
  /** "Node 20.19.0" or "Chrome 140". */
  readonly runtime: string;
  /** How many threads the machine runs at once. */
  readonly cores: number;
}

export interface WorkerThread {
  post(message: unknown): void;
  stop(): void;
}

/** Matrix products by native code, in place of the kernels of some shapes. */
export interface NativeProducts {
  /** Whether it is to compute products of this size. */
  takes(m: number, n: number, k: number): boolean;
  /** What stands on this memory for the kernel whose name this ends with; it takes the same arguments. */
  kernel(name: string, memory: WebAssembly.Memory): (...args: number[]) => void;
}

/** What gradwise asks of the world around it. node.ts and browser.ts each export exactly these names. */
export interface Platform {
  /**
   * Makes `path` hold `chunks`, one after the other. Killed or failing at any moment, it leaves the old file or the
   * new one, whole. In a browser the file is offered as a download.
   */
  writeFileAtomic(path: string, chunks: Uint8Array | readonly Uint8Array[]): Promise<void>;
  /** All bytes of a file; in a browser, of a URL. A FormatError when there is none. */
  readFile(path: string): Promise<Uint8Array>;
  /** Milliseconds of a clock that never goes back; its zero is arbitrary. */
  now(): number;
  /** Lets timers, input and finalizers run: a turn of the event loop, without a timer's delay of 1 ms or more. */
  nextTurn(): Promise<void>;
  readonly stdout: Terminal;
  readonly environment: Environment;
  /** The environment variable of this name, or null where it is not set or there are none. */
  setting(name: string): string | null;
  /** Lets V8 join vectors into wide ones, in the whole process and for good. Gives why it cannot, or null. */
  widenVectors(): string | null;
  /**
   * Starts a thread on a script, in which `onMail(handler)` takes what is posted. It keeps no process alive. Null where
   * there are no threads; where one ends by itself, `ended` is told why.
   */
  startWorker(source: string, ended: (reason: string) => void): WorkerThread | null;
  /**
   * Products by an installed BLAS, which gets so many threads, for an engine of this profile. Where none was asked for,
   * or none was found, `why` says so; a library that was named and cannot be used is a ValueError.
   */
  nativeProducts(
    asked: boolean | string | undefined,
    profile: string,
    threads: number,
  ): { readonly native: NativeProducts | null; readonly why: string };
  /** An unpredictable integer in [0, 2^32). */
  randomSeed(): number;
}
