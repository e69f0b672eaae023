import assert from "node:assert/strict";
import test from "node:test";
import { Lab } from "../../test/fixtures/hosts.ts";
import { ANY, ip } from "../address/ip.ts";

/** Sends 100,000 bytes over two routers with a narrow link between. @returns what the sender believes of the path */
function crossing(mtu: number) {
  const lab = new Lab();
  const [a, left, right, b] = [lab.host("a"), lab.router("left"), lab.router("right"), lab.host("b")];
  lab.cable(lab.nic(a, "10.0.1.1/24"), lab.nic(left, "10.0.1.254/24"));
  lab.cable(lab.nic(left, "10.0.2.1/24", { mtu }), lab.nic(right, "10.0.2.2/24", { mtu }));
  lab.cable(lab.nic(right, "10.0.3.254/24"), lab.nic(b, "10.0.3.1/24"));
  a.addRoute("0.0.0.0/0", "10.0.1.254");
  b.addRoute("0.0.0.0/0", "10.0.3.254");
  left.addRoute("0.0.0.0/0", "10.0.2.2");
  right.addRoute("0.0.0.0/0", "10.0.2.1");
  const binding = b.tcp.bind(ANY, 80, false);
  assert.ok(typeof binding !== "string");
  const listener = b.tcp.listen(binding, 5);
  const client = a.tcp.connect(undefined, ip("10.0.3.1"), 80);
  assert.ok(typeof listener !== "string" && typeof client !== "string");
  lab.run();
  const server = listener.accept();
  assert.ok(server !== undefined);
  const data = new Uint8Array(100_000).map((_, index) => index * 7);
  const received: Uint8Array[] = [];
  let sent = 0;
  client.onReady = () => {
    while (sent < data.length) {
      const count = client.write(data.subarray(sent));
      if (typeof count !== "number") return;
      sent += count;
    }
  };
  server.onReady = () => {
    const into = new Uint8Array(data.length);
    const count = server.read(into);
    if (typeof count === "number" && count > 0) received.push(into.subarray(0, count));
  };
  client.onReady();
  lab.run(10);
  assert.ok(Buffer.concat(received).equals(data));
  const [path] = a.internet.snapshot().pathMtus;
  return { mtu: path?.mtu, segmentSize: client.segmentSize, cut: left.internet.snapshot().counters.fragmentsSent };
}

test("a stream crosses a narrow link in segments that fit, once a router has said so", () => {
  assert.deepEqual(crossing(1000), { mtu: 1000, segmentSize: 948, cut: 0 });
});

test("a link narrower than 552 bytes is crossed in segments of 552 that routers cut, as on Linux", () => {
  const { mtu, segmentSize, cut } = crossing(296);
  assert.deepEqual([mtu, segmentSize], [552, 500]);
  assert.ok(cut !== undefined && cut > 100);
});
