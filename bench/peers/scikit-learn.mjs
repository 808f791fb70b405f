import { dense } from "./python/lacks.mjs";

export const python = "sklearn_peer";
export const requirements = ["scikit-learn"];
export const packages = ["scikit-learn"];
export const lacks = dense("only dense nets", { classifies: true, optimizers: ["adam"], products: false });
