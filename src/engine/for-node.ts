// tested by test/conformance/threads.test.ts
import { installWideTrial } from "../backends/wasm/kernel-profile.ts";
import * as inParts from "../backends/wasm/threads/in-parts.ts";
import { installThreading } from "../backends/wasm/threads/threading.ts";
import { tryWideTile } from "../backends/wasm/try-wide-tile.ts";

// What Node has from the start, since a few kilobytes cost it nothing: the first program of a process may be shared by
// threads already. Pages load that when they need it, and cannot widen vectors.
installThreading(inParts);
installWideTrial(tryWideTile);
