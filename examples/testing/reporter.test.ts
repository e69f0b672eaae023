import assert from "node:assert/strict";
import { test } from "node:test";
import { milliseconds, type ProgramContext } from "netarium";
import { type Simulation, simulate } from "netarium/testing";
import { collector } from "./collector.ts";
import { FixedReporter } from "./fixed-reporter.ts";
import { line } from "./network.ts";
import { Reporter } from "./reporter.ts";

/** A sensor that reports 20 lines, one every 300 ms. */
const sensor = (Kind: typeof Reporter | typeof FixedReporter) => async (context: ProgramContext) => {
  const reporter = new Kind(context, { address: "10.0.0.2", port: 4000 });
  void reporter.run();
  for (let count = 0; count < 20; count++) {
    reporter.report("warm");
    await context.clock.sleep(milliseconds(300));
  }
  await new Promise(() => {});
};

/** The collector crashes at a time that the seed decides, and comes back. */
const crash =
  (Kind: typeof Reporter | typeof FixedReporter) =>
  async ({ host, at, until, random }: Simulation) => {
    const collected = new Map<number, string>();
    host("collector").run(collector(collected));
    host("sensor").run(sensor(Kind));
    await at(milliseconds(random.below(6000)));
    host("collector").kill();
    host("collector").run(collector(collected));
    await until(() => collected.size === 20, "30s");
  };

test("every line arrives, though the collector crashes", async () => {
  await simulate({ seeds: 100, network: line }, crash(FixedReporter));
});

test("the bug that this test was written for is found, and the seed that shows it is told", async (t) => {
  await assert.rejects(simulate({ seeds: 100, network: line }, crash(Reporter)), (error: Error) => {
    t.diagnostic(error.message);
    return /seed \d+, at .*\n.*capture: .*\n.*NETARIUM_SEED=\d+ node .*--test/.test(error.message);
  });
});
