/** A hop that carries less than the others, and whose router is not heard: the path MTU is found all the same (RFC 4821). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ip } from "../../src/address/ip.ts";
import type { Connection } from "../../src/transport/tcp/connection.ts";
import type { TcpSettings } from "../../src/transport/tcp/settings.ts";
import { drops, Lab } from "../fixtures/hosts.ts";

const BYTES = 1_000_000;

/** a – r – s – b, with 1300 bytes between r and s; r says nothing when a datagram is too long. @returns how far it got */
function transfer(tcpSettings: Partial<TcpSettings>) {
  const lab = new Lab();
  const a = lab.host("a", { tcpSettings });
  const b = lab.host("b");
  const [r, s] = [lab.router("r"), lab.router("s")];
  const narrow = lab.nic(r, "10.0.9.1/24", { mtu: 1300 });
  const far = lab.nic(s, "10.0.9.2/24", { mtu: 1300 });
  lab.cable(lab.nic(a, "10.0.1.1/24"), lab.nic(r, "10.0.1.254/24"));
  lab.cable(narrow, far);
  lab.cable(lab.nic(s, "10.0.2.254/24"), lab.nic(b, "10.0.2.1/24"));
  a.addRoute("0.0.0.0/0", "10.0.1.254");
  b.addRoute("0.0.0.0/0", "10.0.2.254");
  r.addRoute("10.0.2.0/24", "10.0.9.2");
  s.addRoute("10.0.1.0/24", "10.0.9.1");
  r.internet.icmp.sendError = () => {};
  const binding = b.tcp.bind(ip("10.0.2.1"), 80, false);
  assert.ok(typeof binding !== "string");
  const listener = b.tcp.listen(binding, 1);
  assert.ok(typeof listener !== "string");
  let received = 0;
  const into = new Uint8Array(65_536);
  listener.onReady = () => {
    const connection = listener.accept() as Connection;
    connection.onReady = () => {
      for (let count = connection.read(into); typeof count === "number" && count > 0; count = connection.read(into)) {
        received += count;
      }
    };
  };
  const connection = a.tcp.connect(undefined, ip("10.0.2.1"), 80);
  assert.ok(typeof connection !== "string");
  let left = BYTES;
  connection.onReady = () => {
    while (left > 0 && connection.established) {
      const count = connection.write(new Uint8Array(Math.min(left, 65_536)));
      if (typeof count === "string") return;
      left -= count;
    }
  };
  lab.run(60);
  const dropped = [...r.nics].reduce((sum, nic) => sum + drops(nic, "ip-fragmentation-needed"), 0);
  return { received, connection, dropped };
}

describe("a path that swallows long datagrams", () => {
  test("stops a connection that does not look for it", () => {
    const { received, connection } = transfer({});
    assert.equal(received, 0);
    assert.equal(connection.segmentSize, 1448);
  });

  test("is found by timeouts, and then measured", () => {
    const { received, connection } = transfer({ mtuProbing: "black-hole" });
    assert.equal(received, BYTES);
    assert.ok(connection.segmentSize > 1248 - 8 && connection.segmentSize <= 1248, `${connection.segmentSize}`);
  });

  test("is measured from below without any timeout", () => {
    const { received, connection, dropped } = transfer({ mtuProbing: "always" });
    assert.equal(received, BYTES);
    assert.ok(connection.segmentSize > 1248 - 8 && connection.segmentSize <= 1248, `${connection.segmentSize}`);
    assert.ok(dropped > 0 && dropped < 10, `${dropped} probes were lost`);
    assert.equal(connection.rto.backoffs, 0);
    assert.equal(
      connection.congestion.slowStartThreshold,
      Number.POSITIVE_INFINITY,
      "and none was taken for congestion",
    );
  });
});
