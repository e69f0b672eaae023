import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { FromEngine, FromWatcher, Welcome } from "../../src/engine/protocol/index.ts";
import { Connection } from "./connection.ts";
import type { RequestError } from "./problem.ts";
import { type ConnectionState, NO_CONNECTION } from "./store.ts";
import type { TransportEvents } from "./transport.ts";

const welcome = (engine: string): Welcome =>
  ({
    type: "welcome",
    version: 1,
    netarium: "0",
    engine,
    platform: "node",
    network: { name: "net" },
    state: { now: 0 },
  }) as unknown as Welcome;

describe("the page's connection", () => {
  let ways: { events: TransportEvents; sent: FromWatcher[]; closed: boolean }[];
  let timers: { milliseconds: number; call: () => void }[];
  let known: ConnectionState;
  let connection: Connection;
  const way = (): (typeof ways)[number] => ways.at(-1) as (typeof ways)[number];
  const says = (message: FromEngine): void => way().events.onMessage(message);
  const answered = (engine = "e1"): void => {
    way().events.onOpen();
    says(welcome(engine));
  };
  const passes = (): void => {
    const [timer] = timers.splice(0, 1);
    assert.ok(timer, "a timer is set");
    timer.call();
  };

  beforeEach(() => {
    ways = [];
    timers = [];
    known = NO_CONNECTION;
    connection = new Connection({
      open: (events) => {
        const made = { events, sent: [] as FromWatcher[], closed: false };
        ways.push(made);
        return {
          send: (message) => void made.sent.push(message as FromWatcher),
          close: () => {
            made.closed = true;
          },
        };
      },
      patience: 5_000,
      token: "secret",
      update: (change) => {
        known = { ...known, ...change };
      },
      later: (milliseconds, call) => {
        const timer = { milliseconds, call };
        timers.push(timer);
        return () => {
          timers = timers.filter((each) => each !== timer);
        };
      },
      chance: () => 0,
    });
    connection.connect();
  });

  test("says hello with its version and token, and keeps what the welcome tells", () => {
    way().events.onOpen();
    assert.deepEqual(way().sent, [{ type: "hello", version: 1, token: "secret" }]);
    assert.equal(known.link.kind, "connecting");
    says(welcome("e1"));
    assert.equal(known.link.kind, "open");
    assert.equal(known.network?.name, "net");
    assert.equal(known.session, 1);
    assert.deepEqual(timers, []);
  });

  test("gives each answer to whoever asked, in whatever order they come", async () => {
    answered();
    const [play, rows] = [connection.request("time.play", {}), connection.request("time.stepPacket", {})];
    const ids = way()
      .sent.slice(1)
      .map((each) => (each as { id: number }).id);
    says({ type: "result", id: ids[1] as number, result: { event: 7 } });
    says({ type: "failure", id: ids[0] as number, error: { code: "no", text: "No." } });
    assert.deepEqual(await rows, { event: 7 });
    await assert.rejects(play, (error: RequestError) => error.problem.code === "no");
  });

  test("tells pushes to those who listen, and takes in the state", () => {
    answered();
    const heard: string[] = [];
    const end = connection.on("terminal", ({ text }) => heard.push(text));
    says({ type: "terminal", terminal: 1, text: "a" });
    end();
    says({ type: "terminal", terminal: 1, text: "b" });
    says({ type: "state", state: { now: 5 } as ConnectionState["state"] & object });
    assert.deepEqual(heard, ["a"]);
    assert.equal(known.state?.now, 5);
  });

  test("fails what waits when the engine goes, keeps what it knows, and tries again ever more slowly", async () => {
    answered();
    const asked = connection.request("time.play", {});
    way().events.onClose();
    await assert.rejects(asked, (error: RequestError) => error.problem.code === "disconnected");
    await assert.rejects(connection.request("time.play", {}));
    assert.deepEqual(known.link, { kind: "gone", tries: 1 });
    assert.equal(known.network?.name, "net");
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      waits.push(timers[0]?.milliseconds ?? 0);
      passes();
      way().events.onClose();
    }
    assert.deepEqual(waits, [200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
    passes();
    answered();
    assert.equal(known.session, 2);
    assert.equal(known.engineChanged, false);
    assert.deepEqual(timers, []);
  });

  test("takes an engine that opens and says nothing for gone, and hears nothing of it later", () => {
    way().events.onOpen();
    const silent = way();
    passes();
    assert.ok(silent.closed);
    assert.equal(known.link.kind, "gone");
    silent.events.onMessage(welcome("late"));
    assert.equal(known.link.kind, "gone");
  });

  test("notices that another engine answers", () => {
    answered("e1");
    way().events.onClose();
    passes();
    answered("e2");
    assert.equal(known.engineChanged, true);
  });

  test("an engine that has ended is asked for again only when somebody wants another", () => {
    answered();
    const problem = { code: "engine-crashed", text: "out of memory" };
    says({ type: "ended", problem });
    assert.deepEqual(known.link, { kind: "ended", problem });
    assert.equal(known.network?.name, "net", "what it knew stays");
    assert.deepEqual(timers, []);
    connection.connect();
    answered("e2");
    assert.deepEqual([known.link.kind, known.engineChanged], ["open", true]);
  });

  test("stays away when it is refused", () => {
    way().events.onOpen();
    says({ type: "refusal", code: "version", version: 2 });
    assert.deepEqual(known.link, { kind: "refused", code: "version", version: 2 });
    assert.deepEqual(timers, []);
    assert.ok(way().closed);
  });
});
