// tested by src/ops/scan.test.ts
import { backward, installDifferentiator } from "../autodiff/backward.ts";
import { bodyDifferentiator } from "../autodiff/differentiate-body.ts";
import { bodyUnits } from "../backends/wasm/lower-body.ts";
import { installUnits } from "../backends/wasm/units.ts";
import * as plain from "../ops/optional-table.ts";
import { installFirst } from "./install-first.ts";

// Who loops or branches inside a program, by a function or a layer, comes through here first: a bundle without loops
// carries neither their derivative nor what lowers them.

let installed = false;

function installLoops(): void {
  if (installed) return;
  installed = true;
  installDifferentiator(bodyDifferentiator(backward));
  installUnits(bodyUnits);
}

export const scan: typeof plain.scan = /* @__PURE__ */ installFirst(installLoops, plain.scan);
export const cond: typeof plain.cond = /* @__PURE__ */ installFirst(installLoops, plain.cond);
