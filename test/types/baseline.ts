// Imports the library and uses nothing: what every program pays, which the budgets do not count.
import "../../src/index.ts";
