import { dense } from "./python/lacks.mjs";

/** The row that a library on one thread is fairly compared with. */
export const python = "numpy_peer";
export const args = ["1"];
export const requirements = ["numpy", "threadpoolctl"];
export const packages = ["numpy"];
export const lacks = dense("steps are written by hand, for dense nets only");
