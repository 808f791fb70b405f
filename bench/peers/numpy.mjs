import { dense } from "./python/lacks.mjs";

export const python = "numpy_peer";
export const requirements = ["numpy", "threadpoolctl"];
export const packages = ["numpy"];
export const lacks = dense("steps are written by hand, for dense nets only");
