import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { LabWatcher, lab } from "../../test/fixtures/lab.ts";
import { size } from "../../test/size.ts";
import type { EventLog } from "../capture/log/event-log.ts";
import type { Instant } from "../time/instant.ts";
import { Course } from "./course.ts";
import type { Engine } from "./engine.ts";
import { repeat } from "./replay.ts";

const NETWORK = `
netarium: 1
devices:
  pc1:
    kind: host
    address: 10.0.0.1/24
    programs: [{ run: chat-user, with: { server: "10.0.0.3:8888", name: Alice, pause: 500ms }, at: 100ms }]
  pc2:
    kind: host
    address: 10.0.0.2/24
    programs: [{ run: chat-user, with: { server: "10.0.0.3:8888", name: Bob, pause: 700ms }, at: 150ms }]
  server: { kind: host, address: 10.0.0.3/24, programs: [chat-server, echo-server] }
  hub: { kind: hub, ports: 3 }
cables:
  - { between: [pc1, hub], delay: 1ms, loss: 5%, jitter: 1ms }
  - { between: [pc2, hub], delay: 2ms, rate: 1Mbit/s }
  - { between: [server, hub], delay: 1ms, duplication: 2% }
`;

/** All that a log keeps, as text. */
function events(log: EventLog): string[] {
  const all: string[] = [];
  for (let event = log.first; event < log.next; event++) {
    const { at, nic, direction, packet, cause, reason = "" } = log.event(event);
    all.push(`${at} ${nic} ${direction} ${packet} ${cause} ${reason} ${Buffer.from(log.frame(event)).toString("hex")}`);
  }
  return all;
}

type Action =
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "play" | "pause" | "step" | "stepPacket" | "slow" | "look" }
  | { readonly do: "speed"; readonly speed: number | "max" }
  | { readonly do: "until"; readonly ms: number }
  | { readonly do: "type"; readonly host: string; readonly text: string }
  | { readonly do: "branch"; readonly part: number };

const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 900 }) }) },
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constantFrom("play", "pause", "step", "stepPacket", "slow", "look") }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("speed" as const), speed: fc.constantFrom(0.1, 1, 3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("until" as const), ms: fc.integer({ min: 1, max: 900 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("type" as const),
        host: fc.constantFrom("pc1", "server"),
        text: fc.constantFrom("ping -c 2 10.0.0.2\r", "nc 10.0.0.3 7\rhello\r", "\x03", "ifconfig\r", "a\tb"),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant("branch" as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
    },
  ),
  { minLength: 5, maxLength: 25 },
);

/** Does all of it, with somebody who looks at everything where `looks`. */
async function play(script: readonly Action[], looks: boolean): Promise<{ engine: Engine; watcher: LabWatcher }> {
  const { engine, machine } = await lab(NETWORK);
  const watcher = new LabWatcher(engine);
  const terminals = new Map<string, number>();
  if (looks) {
    await watcher.request("traffic.watch", { crossings: 100 });
    for (const filter of ["", "tcp"]) await watcher.request("packets.open", { vantage: { kind: "cables" }, filter });
  }
  for (const action of script) {
    if (action.do === "pass") await machine.pass(action.ms);
    else if (action.do === "speed") await watcher.request("time.speed", { speed: action.speed });
    else if (action.do === "until") await watcher.request("time.runUntil", { at: engine.state.now + action.ms * 1e6 });
    else if (action.do === "slow") await watcher.request("time.speed", { speed: 0.01 });
    else if (action.do === "type") await type(watcher, terminals, action);
    else if (action.do === "branch") {
      await watcher.request("time.pause", {});
      await watcher.request("time.branch", { at: Math.floor(engine.state.now * action.part) });
      assert.equal(engine.state.differs, undefined);
      terminals.clear();
    } else if (action.do !== "look") await watcher.request(`time.${action.do}`, {});
    else if (looks) await look(watcher);
  }
  await watcher.request("time.pause", {});
  return { engine, watcher };
}

async function type(
  watcher: LabWatcher,
  terminals: Map<string, number>,
  action: Action & { do: "type" },
): Promise<void> {
  const { host, text } = action;
  const known = terminals.get(host);
  const { terminal } =
    known === undefined ? await watcher.request("terminal.open", { host, columns: 80, rows: 24 }) : { terminal: known };
  terminals.set(host, terminal);
  await watcher.request("terminal.input", { terminal, text });
}

async function look(watcher: LabWatcher): Promise<void> {
  await watcher.request("snapshot", {});
  await watcher.request("traffic.range", { from: 0, to: 1e9, limit: 50 });
  await watcher.request("terminal.list", {});
  for (const view of [1, 2]) await watcher.request("packets.rows", { view, from: 0, count: 50 });
}

/** The same inputs in one run from beginning to end. */
async function straight(engine: Engine, at: Instant): Promise<Course> {
  const { document, machine } = await lab(NETWORK);
  const course = new Course({ document, seed: engine.course.network.seed, platform: machine });
  assert.ok(await repeat(course, engine.inputs, at));
  return course;
}

describe("whatever is done with time", () => {
  test("what has happened is what a straight run with the same inputs gives, byte for byte", {
    timeout: 600_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (script) => {
        const { engine } = await play(script, false);
        const now = engine.course.network.now;
        // A step may have left an instant half done.
        const again = events((await straight(engine, now)).log);
        const had = events(engine.course.log);
        assert.deepEqual(had, again.slice(0, had.length));
        assert.ok(again.slice(had.length).every((event) => event.startsWith(`${now} `)));
        await engine.close();
      }),
      { numRuns: size(20, 400) },
    );
  });

  test("looking changes nothing", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (script) => {
        const [looked, blind] = [await play(script, true), await play(script, false)];
        assert.deepEqual(events(looked.engine.course.log), events(blind.engine.course.log));
        await looked.engine.close();
        await blind.engine.close();
      }),
      { numRuns: size(10, 200) },
    );
  });
});
