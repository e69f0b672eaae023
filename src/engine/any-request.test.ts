import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { LabWatcher, lab } from "../../test/fixtures/lab.ts";
import { size } from "../../test/size.ts";
import type { Method } from "./protocol/methods.ts";

const NETWORK = `
netarium: 1
devices:
  pc1:
    kind: host
    address: 10.0.0.1/24
    programs: [{ run: chat-user, with: { server: "10.0.0.3:8888", name: Alice, pause: 500ms }, at: 100ms }]
  server: { kind: host, address: 10.0.0.3/24, programs: [chat-server, echo-server] }
  hub: { kind: hub, ports: 3 }
cables:
  - { between: [pc1, hub], delay: 1ms, loss: 5% }
  - { between: [server, hub], delay: 1ms }
`;

const small = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 400 }), fc.constant(2 ** 53 - 1));
const time = fc.oneof(fc.integer({ min: 0, max: 4e9 }), fc.constantFrom(0, 1, 2 ** 53 - 1));
const soon = fc.integer({ min: 0, max: 6e9 });
const filter = fc.constantFrom(
  "",
  "tcp",
  "arp",
  "tcp.flags.syn == 1",
  "frame.len > 60",
  "tcp ==",
  "ip.addr == 10.0.0.1",
);
const host = fc.constantFrom("pc1", "server", "hub", "nobody");
const typed = fc.constantFrom("ping -c 1 10.0.0.3\r", "nc 10.0.0.3 7\rx\r", "\x03", "\x04", "tcpdump &\r", "é\t\x1b[A");
const vantage = fc.oneof(
  fc.constant({ kind: "cables" }),
  fc.record({ kind: fc.constant("device"), device: host }),
  fc.record({ kind: fc.constant("nic"), nic: small }),
);
const view = fc.integer({ min: 1, max: 4 });
const ofEvent = fc.record({ view, event: small });
const maybe = { requiredKeys: [] as [] };

const version = fc.integer({ min: 1, max: 4 });
const command = fc.oneof(
  fc.record({ do: fc.constant("remove"), devices: fc.array(host, { maxLength: 2 }), cables: fc.array(small) }),
  fc.record({ do: fc.constant("device.add"), name: host, device: fc.constantFrom({ kind: "hub" }, { kind: "moon" }) }),
  fc.record({ do: fc.constant("device.rename"), name: host, to: fc.constantFrom("pc9", "hub") }),
  fc.record({
    do: fc.constant("cable.set"),
    cable: small,
    set: fc.constantFrom({ loss: "5%" }, { cut: true }, { x: 1 }),
  }),
  fc.record({ do: fc.constant("network.set"), set: fc.constantFrom({ name: "N" }, { seed: 3 }, { tcp: null }) }),
  fc.record({ do: fc.constant("layout.set"), positions: fc.dictionary(host, fc.constantFrom(null, [1, 2])) }),
);
const anew = fc.boolean();

/** What may be asked, each method at least. */
const REQUESTS: { readonly [M in Method]: fc.Arbitrary<object> } = {
  "time.play": fc.constant({}),
  "time.pause": fc.constant({}),
  "time.speed": fc.record({ speed: fc.constantFrom(0.001, 1, 5) }),
  "time.slowMotion": fc.constant({}),
  "time.step": fc.constant({}),
  "time.stepPacket": fc.constant({}),
  "time.runUntil": fc.record({ at: soon }),
  "time.interrupt": fc.constant({}),
  "time.branch": fc.record({ at: time, branch: fc.integer({ min: 0, max: 5 }) }, { requiredKeys: ["at"] }),
  snapshot: fc.constant({}),
  "traffic.watch": fc.record({ crossings: fc.integer({ min: 0, max: 2000 }), flows: fc.boolean() }),
  "traffic.range": fc.record({ from: time, to: time, limit: fc.integer({ min: 0, max: 2000 }) }),
  "traffic.histogram": fc.record({ from: time, to: time, slices: fc.integer({ min: 1, max: 500 }) }),
  "packets.open": fc.record({ vantage, filter }),
  "packets.filter": fc.record({ view, filter }),
  "packets.close": fc.record({ view }),
  "packets.rows": fc.record({ view, from: small, count: fc.integer({ min: 0, max: 500 }) }),
  "packets.locate": fc.record({ view, event: small, time }, { requiredKeys: ["view"] }),
  "packets.find": fc.record({
    view,
    from: fc.integer({ min: -1, max: 400 }),
    backwards: fc.boolean(),
    by: fc.constantFrom("filter", "text", "hex"),
    what: fc.oneof(filter, fc.constantFrom("SYN", "00 01", "zz", "0")),
  }),
  "packets.detail": ofEvent,
  "packets.conversations": fc.record({ view }),
  "packets.follow": ofEvent,
  "packets.sequence": ofEvent,
  "packets.export": fc.record({ view, next: fc.constantFrom("1", "2", "x") }, maybe),
  "packets.copy": fc.record({ view, event: small, as: fc.constantFrom("hex", "text", "json", "curl") }),
  "filter.check": fc.record({ filter: fc.oneof(filter, fc.string()) }),
  "filter.complete": fc.record({ filter: fc.oneof(filter, fc.string()), at: fc.integer({ min: 0, max: 40 }) }),
  "terminal.open": fc.record({ host, columns: small, rows: small }).map((each) => ({
    ...each,
    columns: Math.min(each.columns, 1000),
    rows: Math.min(each.rows, 1000),
  })),
  "terminal.input": fc.record({ terminal: view, text: typed }),
  "terminal.resize": fc.record({ terminal: view, columns: fc.integer({ min: 0, max: 1000 }), rows: fc.constant(24) }),
  "terminal.close": fc.record({ terminal: view }),
  "terminal.list": fc.constant({}),
  "document.get": fc.constant({}),
  "document.edit": fc.record({ version, commands: fc.array(command, { minLength: 1, maxLength: 3 }), anew }),
  "document.replace": fc.record({ version, text: fc.constantFrom(NETWORK, `${NETWORK}faults: []\n`, "x: ["), anew }),
  "document.undo": fc.record({ version, anew }),
  "document.redo": fc.record({ version, anew }),
  "document.check": fc.record({ text: fc.oneof(fc.constant(NETWORK), fc.string()) }),
  "document.saved": fc.record({ version }),
  "document.copy": fc.record({ devices: fc.array(host) }),
  "document.open": fc.record({ text: fc.constantFrom(NETWORK, ""), play: fc.boolean() }),
  "document.examples": fc.constant({}),
  "program.run": fc.record({ host, name: fc.constantFrom("a.ts", "?"), source: fc.constant("console.log(1)") }),
  "program.stop": fc.record({ program: fc.constantFrom("pc1/a.ts", "pc1/time-client", "x") }),
  "program.kinds": fc.constant({}),
  "program.list": fc.constant({}),
  "packet.fault": fc.record({ event: small, do: fc.constantFrom("drop", "duplicate", "delay"), by: soon }),
  "log.lines": fc.record({ from: small, count: fc.integer({ min: 0, max: 500 }) }),
};

const request = fc.oneof(
  ...Object.entries(REQUESTS).map(([method, params]) => fc.record({ method: fc.constant(method), params })),
);
const pass = fc.record({ pass: fc.integer({ min: 1, max: 400 }) });

test("whatever is asked in whatever order, by several, the engine answers and goes on", {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof({ weight: 4, arbitrary: request }, pass), { maxLength: 60 }), async (script) => {
      const { engine, machine } = await lab(NETWORK);
      const watchers = [new LabWatcher(engine), new LabWatcher(engine)];
      for (const watcher of watchers) {
        await watcher.request("packets.open", { vantage: { kind: "cables" }, filter: "" });
        await watcher.request("packets.open", { vantage: { kind: "device", device: "pc1" }, filter: "tcp" });
        await watcher.request("terminal.open", { host: "pc1", columns: 80, rows: 24 });
      }
      await machine.pass(1500);
      const answers: Promise<unknown>[] = [];
      let id = 0;
      for (const step of script) {
        if ("pass" in step) await machine.pass(step.pass);
        else {
          const asked = watchers[++id % 2]?.say({ type: "request", id, ...step });
          answers.push(Promise.resolve(asked).catch((problem) => problem));
          if (id % 3 === 0) await machine.rest();
        }
      }
      await machine.pass(100);
      for (const answer of await Promise.all(answers)) {
        const { code, text } = (answer ?? {}) as { code?: string; text?: string };
        assert.ok(code !== "request-failed" && code !== "engine-failed" && code !== "bad-params", text);
      }
      assert.equal(engine.state.failed, undefined);
      assert.equal(engine.state.differs, undefined);
      await engine.close();
    }),
    { numRuns: size(25, 3000) },
  );
});
