import { compile } from "../../src/engine/compile.ts";
import "../../src/engine/eager.ts";
import "../../src/engine/for-node.ts";
import { Engine, withEngine } from "../../src/engine/engine.ts";
import { Variable } from "../../src/graph/variable.ts";
import { ops } from "../../src/ops/index.ts";

/** An engine whose workers run: they start when enough work has been seen. A turn of the event loop lets them load. */
export async function threadedEngine(threads: number, engine: Engine = new Engine({ threads })): Promise<Engine> {
  const step = withEngine(engine, () => {
    const x = new Variable(ops.ones([256, 256]));
    return compile(() => x.assign(ops.matmul(x.read(), x.read())));
  });
  for (let runs = 0; runs < 150; runs++) withEngine(engine, () => step());
  await new Promise((done) => setTimeout(done, 100));
  return engine;
}
