/** More than V8 lets pass: Node 20 begins a collection for every 64 MiB that array buffers have grown by, Node 26 later. */
const PRESSURE = 2 ** 28;

/**
 * Makes the garbage collector look, soon: within two or three turns of the event loop, measured in Node 20 and 26. It does not
 * see the heap's bytes, but it does see an array buffer's, which cost nothing while nobody touches them.
 */
export function pressCollector(): void {
  try {
    void new ArrayBuffer(PRESSURE);
  } catch {
    // No memory for it: then the collector has been pressed already.
  }
}
