import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Dialogue } from "../../../test/fixtures/tcp.ts";
import { milliseconds, minutes, seconds } from "../../time/instant.ts";
import type { Connection } from "./connection.ts";

/** A peer that takes what the path carries, also out of order, and acknowledges each segment. @returns what was sent */
function carry(host: Dialogue, connection: Connection, limit: number): number[] {
  const sizes: number[] = [];
  const arrived = new Map<number, number>();
  let ack = connection.sndUna - connection.iss;
  for (let round = 0; round < 200; round++) {
    const segments = host.take().filter(({ data }) => data !== undefined);
    if (connection.sndUna === connection.sndNxt) break;
    host.wait(milliseconds(segments.length > 0 ? 10 : 300));
    const lengths = segments.map(({ data = "" }) => data.length);
    sizes.push(...lengths);
    for (const { seq = 0, data = "" } of segments) {
      if (data.length <= limit) arrived.set(seq, seq + data.length);
      for (let end = arrived.get(ack); end !== undefined; end = arrived.get(ack)) ack = end;
      host.peer({ flags: ".", seq: 1, ack, window: 400 });
    }
  }
  return sizes;
}

const open = (mtuProbing: "off" | "black-hole" | "always") => {
  const host = new Dialogue({ mtuProbing, sack: false, sendBuffer: 2_000_000, congestionControl: "newreno" });
  const connection = host.established({ segmentSize: 1460, scale: 7, window: 16_000 });
  connection.congestion.window = 40_000;
  return { host, connection };
};

describe("path MTU discovery by probes (RFC 4821)", () => {
  test("begins with what nearly every path carries, and finds that this one carries all (RFC 4821 §7.3)", () => {
    const { host, connection } = open("always");
    assert.equal(connection.segmentSize, 1024);
    connection.write(new Uint8Array(300_000));
    const sizes = carry(host, connection, 1460);
    assert.ok(sizes.includes(1242), "half way between 1024 and 1460");
    assert.ok(connection.segmentSize > 1460 - 8 && connection.segmentSize <= 1460, `${connection.segmentSize}`);
    assert.equal(connection.sndUna, connection.sndNxt);
  });

  test("takes a probe that is lost for too large, not for congestion (RFC 4821 §7.5)", () => {
    const { host, connection } = open("always");
    connection.write(new Uint8Array(600_000));
    carry(host, connection, 1300);
    assert.ok(connection.segmentSize > 1300 - 8 && connection.segmentSize <= 1300, `${connection.segmentSize}`);
    assert.equal(connection.congestion.slowStartThreshold, Number.POSITIVE_INFINITY, "nothing was reduced");
    assert.equal(connection.sndUna, connection.sndNxt, "what the probes brought arrived in pieces");
  });

  test("asks again after ten minutes whether the path carries more", () => {
    const { host, connection } = open("always");
    connection.write(new Uint8Array(600_000));
    carry(host, connection, 1300);
    host.wait(minutes(11));
    host.take();
    connection.congestion.window = 40_000;
    connection.write(new Uint8Array(600_000));
    carry(host, connection, 1460);
    assert.ok(connection.segmentSize > 1460 - 8, `${connection.segmentSize}`);
  });

  test("makes segments smaller when nothing comes back, and smaller again (RFC 4821 §7.7)", () => {
    const { host, connection } = open("black-hole");
    assert.equal(connection.segmentSize, 1460);
    connection.write(new Uint8Array(20_000));
    host.wait(seconds(1));
    assert.equal(connection.segmentSize, 1460);
    host.wait(seconds(2));
    assert.equal(connection.segmentSize, 1024, "after three timeouts");
    assert.equal(host.take().at(-1)?.data?.length, 1024);
    host.wait(seconds(3));
    assert.equal(connection.segmentSize, 512);
    carry(host, connection, 600);
    assert.equal(connection.sndUna, connection.sndNxt);
  });

  test("does nothing unless asked to", () => {
    const { host, connection } = open("off");
    connection.write(new Uint8Array(20_000));
    host.wait(seconds(20));
    assert.equal(connection.segmentSize, 1460);
    assert.equal(connection.mtuProbing, undefined);
  });
});
