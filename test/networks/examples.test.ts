/** The examples are tests themselves. */
import "../../examples/testing/reporter.test.ts";
