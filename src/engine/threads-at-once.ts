// tested by test/conformance/threads.test.ts
import * as inParts from "../backends/wasm/threads/in-parts.ts";
import { installThreading } from "../backends/wasm/threads/threading.ts";

// For Node, where a few kilobytes more cost nothing: the first program of a process may be shared already.
installThreading(inParts);
