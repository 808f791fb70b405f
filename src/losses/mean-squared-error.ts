import { square } from "../ops/square.ts";
import { sub } from "../ops/sub.ts";
import type { Loss } from "./loss.ts";
import { lossConfig } from "./loss-config.ts";
import { alignLabels, checkFinite, checkSame, floatPredictions, perSample } from "./targets.ts";

const NAME = "meanSquaredError";

/** L = mean((y - p)^2), the mean over a sample's values. */
export function meanSquaredError(): Loss<"same"> {
  return meanSquares;
}

const meanSquares: Loss<"same"> = {
  name: NAME,
  kind: "same",
  config: lossConfig("MeanSquaredError", {}),
  call: (yTrue, yPred) => {
    checkSame(yTrue, yPred, NAME, "Reshape them, or change the last layer.");
    const p = floatPredictions(yPred);
    return perSample(square(sub(p, alignLabels(yTrue, p))));
  },
  checkTargets: (yTrue, yPred) => {
    checkSame(yTrue, yPred, NAME, "Reshape them, or change the last layer.");
  },
  checkLabels: (values, yTrue, _yPred, firstRow = 0) => {
    checkFinite(values, yTrue, NAME, firstRow);
  },
};
