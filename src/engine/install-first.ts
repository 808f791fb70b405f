// tested by src/engine/convolve.test.ts
/**
 * f, before whose calls `install` gives the engine what only f's like need: what a bundle does not call, it does not
 * carry. Annotate the call as pure, so that bundlers drop it.
 */
export function installFirst<F extends (...args: never[]) => unknown>(install: () => void, f: F): F {
  return ((...args) => {
    install();
    return f(...args);
  }) as F;
}
