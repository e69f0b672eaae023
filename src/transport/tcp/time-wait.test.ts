import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Dialogue } from "../../../test/fixtures/tcp.ts";
import { type Duration, milliseconds, seconds } from "../../time/instant.ts";
import type { Connection } from "./connection.ts";
import { REUSE_DELAY } from "./time-wait.ts";

/** A connection in TIME-WAIT, to which the peer has sent 1 byte of FIN and, if any, timestamps up to 100. */
function waiting(host: Dialogue, timestamps: boolean): Connection {
  const stamp = (value: number): { timestamp?: [number, number] } => (timestamps ? { timestamp: [value, 0] } : {});
  const connection = host.established(stamp(99));
  connection.close();
  host.peer({ flags: "F.", seq: 1, ack: 2, ...stamp(100) });
  assert.equal(connection.state, "TIME-WAIT");
  host.take();
  return connection;
}

describe("a SYN in TIME-WAIT (RFC 6191 §2)", () => {
  const cases: [before: boolean, timestamp: number | undefined, seq: number, opens: boolean][] = [
    [true, 101, -5000, true],
    [true, 100, 5000, true],
    [true, 100, -5000, false],
    [true, 99, 5000, false],
    [true, undefined, 5000, true],
    [true, undefined, -5000, false],
    [false, 1, -5000, true],
    [false, undefined, 5000, true],
    [false, undefined, -5000, false],
  ];
  for (const [before, timestamp, seq, opens] of cases) {
    const words = `${before ? "with timestamps before" : "without timestamps before"}, ${timestamp ?? "none"} now, ${seq > 0 ? "a later" : "an earlier"} number`;
    test(`${words}: ${opens ? "opens a connection" : "is answered by where we stand"}`, () => {
      const host = new Dialogue({ timestamps: true });
      const last = waiting(host, before);
      const number = last.sndNxt;
      host.peer({ flags: "S", seq, ...(timestamp === undefined ? {} : { timestamp: [timestamp, 0] }) });
      assert.equal(last.state, opens ? "CLOSED" : "TIME-WAIT");
      const [answer] = host.take();
      assert.equal(answer?.flags, opens ? "S." : ".");
      if (opens) assert.ok((((host.iss ?? 0) + (answer.seq ?? 0) - number) | 0) > 0, "its number is a later one");
    });
  }
});

describe("a connection that we open", () => {
  /** Opens from port 80 to the peer's port once more. */
  const again = (host: Dialogue): Connection | string =>
    host.tcp.connect(
      { address: host.internet.here, port: 80, reuse: true, listener: undefined, release: () => {} },
      host.internet.there,
      host.peerPort,
    );
  const reused = (
    medium: "broadcast" | "loopback",
    settings: object,
    timestamps: boolean,
    pause: Duration,
  ): boolean => {
    const host = new Dialogue({ timestamps: true, ...settings });
    Object.defineProperty(host.internet.nic, "medium", { value: medium });
    const last = waiting(host, timestamps);
    host.wait(pause);
    const connection = again(host);
    assert.equal(last.state, typeof connection === "string" ? "TIME-WAIT" : "CLOSED");
    if (typeof connection === "string") return false;
    assert.ok(((connection.iss - last.sndNxt) | 0) > 0, "its numbers come after those of the last");
    return true;
  };
  const later = (REUSE_DELAY + milliseconds(1)) as Duration;

  test("takes the place of one in TIME-WAIT on the loopback interface, where timestamps tell them apart", () => {
    assert.ok(reused("loopback", {}, true, later));
    assert.ok(!reused("loopback", {}, true, REUSE_DELAY), "the peer's clock may not have gone on");
    assert.ok(!reused("loopback", {}, false, later), "nothing tells them apart");
    assert.ok(!reused("broadcast", {}, true, later), "as Linux: elsewhere only when told");
  });

  test("does so everywhere, or nowhere, when told (Linux: tcp_tw_reuse)", () => {
    assert.ok(reused("broadcast", { timeWaitReuse: "always" }, true, later));
    assert.ok(!reused("loopback", { timeWaitReuse: "never" }, true, later));
  });
});

test("a reset ends TIME-WAIT as under Linux, unless a setting follows RFC 1337", () => {
  for (const ignores of [false, true]) {
    const host = new Dialogue({ timeWaitIgnoresResets: ignores });
    const connection = waiting(host, false);
    host.peer({ flags: "R", seq: 2 });
    assert.equal(connection.state, ignores ? "TIME-WAIT" : "CLOSED");
    host.expect();
    host.wait(seconds(60));
    assert.equal(connection.state, "CLOSED");
  }
});
