import { CONV } from "./conv-network.ts";
import { DENSE } from "./dense-network.ts";
import type { Recipe } from "./digit-network.ts";

/** By the name of its option; dense is what nobody has to ask for. */
export type NetworkName = "dense" | "conv";

export const NETWORKS: Readonly<Record<NetworkName, Recipe>> = { dense: DENSE, conv: CONV };
