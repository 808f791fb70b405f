// tested by test/conformance/threads.test.ts
/** All that shares calls among threads, as one piece that is loaded where there are threads. */
export { divideMap, divideOutputs, divideReduce, divideRows } from "./divide-loops.ts";
export { divideMatmul } from "./divide-matmul.ts";
export { addPartFunction, blockLength, blockWords, shareSteps } from "./part-call.ts";
export { poolOf } from "./pool.ts";
export { ProgramJobs } from "./program-jobs.ts";
