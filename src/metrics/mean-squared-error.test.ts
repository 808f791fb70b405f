import { testMetric } from "../../test/conformance/test-metric.ts";
import { meanSquaredError } from "./mean-squared-error.ts";

testMetric({
  name: "meanSquaredError",
  make: (options) => meanSquaredError(options),
  variants: [{}, { name: "error" }],
});
