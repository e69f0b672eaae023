import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { PROGRAMS } from "../../application/registry.ts";
import { timeServer } from "../../application/time/server.ts";
import type { Network } from "../../network/network.ts";
import { seconds } from "../../time/instant.ts";
import { readDocument } from "../document/read.ts";
import { type SimulateOptions, type Simulation, simulate } from "./testing.ts";

const captures = mkdtempSync(join(tmpdir(), "netarium-testing-"));
after(() => rmSync(captures, { recursive: true, force: true }));

const network = (built: Network): void => {
  built.host("a", { address: "10.0.0.1/24" });
  built.host("b", { address: "10.0.0.2/24" });
  built.cable("a", "b", { delay: "5ms" });
};

/** The error of a simulation that has to fail. */
async function failure(
  body: (simulation: Simulation) => Promise<void>,
  options: Partial<SimulateOptions> = {},
): Promise<Error> {
  try {
    await simulate({ network, captures, ...options }, body);
  } catch (error) {
    return error as Error;
  }
  return assert.fail("it passed");
}

const ask = async ({ host }: Simulation): Promise<string> => {
  const socket = host("a").sockets.socket("inet", "stream");
  await socket.connect({ address: "10.0.0.2", port: 3434 });
  return new TextDecoder().decode(await socket.recv(100));
};

describe("a simulation that passes", () => {
  test("runs the test's own code on hosts in virtual time, beside programs", async () => {
    await simulate({ network, limit: "2h" }, async (simulation) => {
      const { host, at, until, log } = simulation;
      host("b").start(timeServer);
      await at("1h5m");
      assert.equal(await ask(simulation), "Current time is 2026-01-01 01:05:00 UTC\n");
      await until(() => log.length === 2);
      await at("1s");
      assert.equal(host("a").clock.date().getUTCHours(), 1, "what has passed is not waited for");
    });
  });

  test("runs once for each seed, and each draws its own chances", async () => {
    const seen: number[] = [];
    const drawn = new Set<number>();
    await simulate({ seed: 5, seeds: 3, network }, async ({ seed, random, host }) => {
      seen.push(seed);
      drawn.add(random.uint32()).add(host("a").random.uint32());
    });
    assert.deepEqual([seen, drawn.size], [[5, 6, 7], 6]);
  });

  test("runs the seed of NETARIUM_SEED alone", async () => {
    process.env.NETARIUM_SEED = "12";
    const seen: number[] = [];
    await simulate({ seeds: 100, network }, async ({ seed }) => {
      seen.push(seed);
    }).finally(() => {
      delete process.env.NETARIUM_SEED;
    });
    assert.deepEqual(seen, [12]);
  });

  test("takes the network of a file, and faults that are written down or drawn", async () => {
    const text = `netarium: 1
devices: {a: {kind: host, address: 10.0.0.1/24}, b: {kind: host, address: 10.0.0.2/24, programs: [time-server]}}
cables: [{between: [a, b]}]
`;
    const { document } = readDocument(text, { programs: PROGRAMS });
    assert.ok(document);
    const cut = { cable: ["a", "b"], do: "cut", for: "1s" } as const;
    await simulate({ network: document, faults: [{ ...cut, at: "0s" }] }, async (simulation) => {
      const began = simulation.network.now;
      assert.match(await ask(simulation), /Current time/);
      assert.ok(simulation.network.now - began >= 1e9);
    });
    const drawn: number[] = [];
    const faults = ({ random }: Simulation) => {
      drawn.push(random.below(10));
      return [{ ...cut, at: seconds(drawn.at(-1) ?? 0) }];
    };
    await simulate({ network: document, faults, seeds: 10 }, async (simulation) => {
      assert.match(await ask(simulation), /Current time/);
    });
    assert.ok(new Set(drawn).size > 1);
  });

  test("stands still while the test waits for work outside", async () => {
    await simulate({ network }, async ({ host, work, network: { scheduler } }) => {
      host("b").run(async ({ clock }) => {
        for (;;) await clock.sleep(seconds(1));
      });
      const before = scheduler.now;
      assert.equal(await work(setTimeout(5, "done"), "a timer"), "done");
      assert.equal(scheduler.now, before);
    });
  });

  test("kills programs and starts them again", async () => {
    await simulate({ network }, async (simulation) => {
      const server = simulation.host("b");
      const first = server.start(timeServer);
      await simulation.at("1s");
      server.kill();
      assert.equal(first.state, "killed");
      await assert.rejects(ask(simulation), /ECONNREFUSED/);
      server.start(timeServer);
      await simulation.at("2s");
      assert.match(await ask(simulation), /Current time/);
    });
  });
});

describe("a simulation that fails", () => {
  test("says seed, virtual time, capture, how to repeat it and the log, in the same error", async () => {
    const error = await failure(
      async ({ host, at, seed }) => {
        host("b").run(async ({ log }) => log("here I am"), "greeter");
        await at("1.5s");
        assert.equal(seed, 3);
      },
      { seed: 3, seeds: 10 },
    );
    assert.ok(error instanceof assert.AssertionError);
    assert.equal(error.actual, 4);
    const { message } = error;
    assert.match(message, /seed 4, at 1\.500000000 s of virtual time/);
    assert.match(message, /repeat: {2}NETARIUM_SEED=4 node .*--test src\/platform\/node\/testing\.test\.ts/);
    assert.match(message, /log:\n +0\.000000 b greeter: here I am/);
    assert.ok(error.stack?.includes("NETARIUM_SEED=4"));
    assert.doesNotMatch(message, /differed/);
    const [, pcap = ""] = /capture: (.*)/.exec(message) ?? [];
    assert.equal(pcap, join(captures, "seed-4.pcapng"));
    assert.equal(readFileSync(pcap).readUInt32LE(0), 0x0a0d0d0a);
  });

  test("says so when it waits for what does not come, or for ever, or takes too long", async () => {
    const patient = await failure(({ until, network: { cables } }) => until(() => cables.length === 7, "3s"));
    assert.match(
      patient.message,
      /the condition cables\.length === 7 did not become true within 3s\n.* at 3\.000000000 s/,
    );
    const stuck = await failure(() => new Promise(() => {}));
    assert.match(stuck.message, /nothing is left that could happen, and the test still waits/);
    const long = await failure(({ at }) => at("2h"), { limit: "1h" });
    assert.match(long.message, /the test is not over after 3600s/);
    const thrown = await failure(({ until }) =>
      until(() => {
        throw new Error("in the condition");
      }),
    );
    assert.match(thrown.message, /in the condition/);
  });

  test("says so when the same seed does not give the same run", async () => {
    let runs = 0;
    const error = await failure(async ({ at }) => {
      await at(seconds(++runs));
      throw "only a text";
    });
    assert.match(error.message, /^only a text\n.*seed 1, at 1\.0/);
    assert.match(error.message, /something outside the network has a part in the test/);
  });

  test("a host that is not there is told", async () => {
    const { message } = await failure(async ({ host }) => void host("c"));
    assert.match(message, /there is no host c/);
  });
});
