import { testMetric } from "../../test/conformance/test-metric.ts";
import { meanAbsoluteError } from "./mean-absolute-error.ts";

testMetric({
  name: "meanAbsoluteError",
  make: (options) => meanAbsoluteError(options),
  variants: [{}, { name: "error" }],
});
