import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { drops, Lab, type PingResult } from "../../test/fixtures/hosts.ts";
import { Trace } from "../../test/fixtures/trace.ts";
import { ANY, ip } from "../address/ip.ts";
import { isGroupMac } from "../address/mac.ts";
import { Hub } from "./hub.ts";
import { Switch } from "./switch.ts";

const from = (result: PingResult) => (typeof result === "object" && "data" in result ? result.from : result);
const kind = (result: PingResult) => (typeof result === "object" && "kind" in result ? result.kind : result);

test("a ping crosses a hub, a router and a switch and comes back", () => {
  const lab = new Lab();
  const { scheduler, pool } = lab;
  const [a, r, b] = [lab.host("a"), lab.router("r"), lab.host("b")];
  const [r1, r2] = [lab.nic(r, "10.0.1.254/24"), lab.nic(r, "10.0.2.254/24")];
  const hub = new Hub({ name: "hub", scheduler, pool, ports: 3 });
  const box = new Switch({ name: "switch", scheduler, pool, ports: 3 });
  lab.cable(lab.nic(a, "10.0.1.1/24"), hub.nics[0] as never);
  lab.cable(r1, hub.nics[1] as never);
  lab.cable(r2, box.nics[0] as never);
  lab.cable(lab.nic(b, "10.0.2.1/24"), box.nics[1] as never);
  const bystander = lab.nic(lab.host("c"), "10.0.1.3/24");
  lab.cable(bystander, hub.nics[2] as never);
  a.addRoute("0.0.0.0/0", "10.0.1.254");
  b.addRoute("0.0.0.0/0", "10.0.2.254");
  const reply = lab.ping(a, "10.0.2.1");
  assert.equal(from(reply), ip("10.0.2.1"));
  assert.ok(typeof reply === "object" && "hopLimit" in reply && reply.hopLimit === 63);
  assert.ok(drops(bystander, "not-for-us") > 0, "the hub shows it to all, who leave it");
  assert.equal(pool.inUse, 0);
});

test("own addresses answer without a wire, 127/8 and those of the interfaces", () => {
  const lab = new Lab();
  const host = lab.host("a");
  const nic = lab.nic(host, "10.0.0.1/24");
  for (const address of ["127.0.0.1", "127.7.7.7", "10.0.0.1"])
    assert.equal(from(lab.ping(host, address)), ip(address));
  assert.equal(from(lab.ping(host, "10.0.0.1", new Uint8Array(65_507))), ip("10.0.0.1"));
  assert.equal(nic.counters.sentFrames, 0);
  assert.equal(lab.pool.inUse, 0);
});

test("the path is found hop by hop, as traceroute does", () => {
  const lab = new Lab();
  const hosts = [lab.host("h0"), lab.router("r1"), lab.router("r2"), lab.host("h3")];
  for (let link = 0; link < 3; link++) {
    const [left, right] = [hosts[link], hosts[link + 1]];
    if (left === undefined || right === undefined) continue;
    lab.cable(lab.nic(left, `10.0.${link}.1/24`), lab.nic(right, `10.0.${link}.2/24`));
  }
  hosts[0]?.addRoute("0.0.0.0/0", "10.0.0.2");
  hosts[1]?.addRoute("0.0.0.0/0", "10.0.1.2");
  hosts[2]?.addRoute("10.0.0.0/24", "10.0.1.1");
  hosts[3]?.addRoute("0.0.0.0/0", "10.0.2.1");
  const path = [1, 2, 3].map((hopLimit) => {
    const result = lab.ping(hosts[0] as never, "10.0.2.2", new Uint8Array(8), { hopLimit });
    return typeof result === "object" && "reporter" in result ? result.reporter : from(result);
  });
  assert.deepEqual(path, [ip("10.0.0.2"), ip("10.0.1.2"), ip("10.0.2.2")]);
});

test("long datagrams cross a link of MTU 576 in fragments, both ways", () => {
  const lab = new Lab();
  const { a } = lab.routed(576);
  for (const size of [1, 548, 549, 1472, 1473, 20_000, 65_507]) {
    const result = lab.ping(a, "10.0.2.1", new Uint8Array(size).fill(size));
    assert.ok(typeof result === "object" && "data" in result, `${size}: ${kind(result)}`);
    assert.equal(result.data.length, size);
    assert.ok(result.data.every((byte) => byte === (size & 255)));
  }
  assert.equal(lab.pool.inUse, 0);
});

test("the path MTU is learned from 'fragmentation needed', heeded by the next datagram, and forgotten", () => {
  const lab = new Lab();
  const { a } = lab.routed(576);
  const ping = (size: number) => lab.ping(a, "10.0.2.1", new Uint8Array(size), { dontFragment: true });
  assert.equal(kind(ping(1000)), "packet-too-big");
  assert.equal(kind(ping(1000)), "EMSGSIZE");
  assert.equal(from(ping(548)), ip("10.0.2.1"));
  lab.run(600);
  assert.equal(kind(ping(1000)), "packet-too-big", "after ten minutes a longer one is tried again");
});

test("UDP crosses routers up to its longest datagram", () => {
  const lab = new Lab();
  const { a, b } = lab.routed(576);
  const server = b.udp.open();
  server.bind(ANY, 3434);
  const data = new Uint8Array(65_507).map((_, index) => index * 31);
  const client = a.udp.open();
  assert.equal(client.send(data, { address: ip("10.0.2.1"), port: 3434 }), 65_507);
  lab.run();
  const into = new Uint8Array(65_507);
  const got = server.receive(into);
  assert.ok(typeof got !== "string" && got.size === 65_507 && got.address === ip("10.0.1.1"));
  assert.deepEqual(into, data);
});

test("a closed port, an absent host and an unroutable address are three errors", () => {
  const lab = new Lab();
  const { a, b } = lab.pair();
  const outcome = (to: string, port: number, wait: number) => {
    const client = a.udp.open();
    const refusal = client.connect(ip(to), port);
    if (refusal !== undefined) return refusal;
    client.send(new Uint8Array(1));
    lab.run(wait);
    return client.takeError();
  };
  assert.equal(outcome("10.0.0.2", 9, 1), "ECONNREFUSED");
  assert.equal(outcome("10.0.0.77", 9, 4), "EHOSTUNREACH");
  assert.equal(outcome("192.0.2.1", 9, 1), "ENETUNREACH");
  assert.ok(b);
  assert.equal(lab.pool.inUse, 0);
});

test("without a cable a packet dies of it, and with one again it does not", () => {
  const lab = new Lab();
  const { a, nicA, cable } = lab.pair();
  lab.ping(a, "10.0.0.2");
  cable.unplug();
  assert.equal(lab.ping(a, "10.0.0.2"), undefined);
  assert.ok(drops(nicA, "no-carrier") > 0);
  lab.run(5);
  cable.plug();
  assert.equal(from(lab.ping(a, "10.0.0.2")), ip("10.0.0.2"));
});

test("a host that got another's MAC address changed is found again by its announcement", () => {
  const lab = new Lab();
  const { a, b, cable } = lab.pair();
  lab.ping(a, "10.0.0.2");
  cable.unplug();
  lab.run(10);
  const spare = lab.host("spare");
  const nic = a.nics[1];
  assert.ok(nic !== undefined && b);
  lab.cable(nic, lab.nic(spare, "10.0.0.2/24"));
  assert.equal(from(lab.ping(a, "10.0.0.2")), ip("10.0.0.2"));
});

test("two hosts on a line of their own need no ARP", () => {
  const lab = new Lab();
  const [a, b] = [lab.host("a"), lab.host("b")];
  const nicA = lab.nic(a, "10.0.0.1/31", { medium: "pointToPoint" });
  lab.cable(nicA, lab.nic(b, "10.0.0.0/31", { medium: "pointToPoint" }));
  assert.equal(from(lab.ping(b, "10.0.0.1")), ip("10.0.0.1"));
  assert.equal(from(lab.ping(a, "10.0.0.0")), ip("10.0.0.0"), "in a network of two both addresses are hosts'");
  assert.equal(nicA.counters.sentFrames, 2);
});

test("Nics get unicast MAC addresses of the local space from the seed, each its own", () => {
  const macs = (seed: number) => {
    const lab = new Lab(seed);
    return ["a", "b", "c"].flatMap((name) => {
      const host = lab.host(name);
      return [host.addNic().mac, host.addNic().mac];
    });
  };
  assert.equal(new Set(macs(1)).size, 6);
  assert.ok(macs(1).every((mac) => !isGroupMac(mac) && Math.floor(mac / 2 ** 40) === 2));
  assert.deepEqual(macs(1), macs(1));
  assert.notDeepEqual(macs(1), macs(2));
});

test("TCP stands on it: a stream crosses the router whole, and a closed port refuses", () => {
  const lab = new Lab();
  const { a, b } = lab.routed(576);
  const binding = b.tcp.bind(ANY, 80, false);
  assert.ok(typeof binding !== "string");
  const listener = b.tcp.listen(binding, 5);
  const client = a.tcp.connect(undefined, ip("10.0.2.1"), 80);
  const refused = a.tcp.connect(undefined, ip("10.0.2.1"), 81);
  assert.ok(typeof listener !== "string" && typeof client !== "string" && typeof refused !== "string");
  lab.run();
  assert.equal(refused.takeError(), "ECONNREFUSED");
  const server = listener.accept();
  assert.ok(server !== undefined);
  const data = new Uint8Array(100_000).map((_, index) => index * 7);
  const received = new Uint8Array(200_000);
  let [sent, got] = [0, 0];
  client.onReady = () => {
    for (let count: unknown = 1; typeof count === "number" && count > 0; ) {
      count = client.write(data.subarray(sent));
      if (typeof count === "number") sent += count;
    }
  };
  server.onReady = () => {
    for (let count: unknown = 1; typeof count === "number" && count > 0; ) {
      count = server.read(received.subarray(got));
      if (typeof count === "number") got += count;
    }
  };
  client.onReady();
  lab.run(10);
  assert.equal(got, data.length);
  assert.deepEqual(received.subarray(0, got), data);
});

test("the sockets of a host are its own", () => {
  const lab = new Lab();
  assert.equal(lab.host("a").sockets.socket("inet", "dgram").type, "dgram");
});

test("one seed, one trace; another seed, another", () => {
  const run = (seed: number) => {
    const lab = new Lab(seed);
    const { a, r, b } = lab.routed(576);
    const trace = new Trace();
    for (const host of [a, r, b]) for (const nic of host.nics) nic.addTap(trace);
    lab.ping(a, "10.0.2.1", new Uint8Array(3000));
    lab.ping(b, "10.0.1.77");
    a.udp.open().send(new Uint8Array(10), { address: ip("10.0.2.1"), port: 9 });
    lab.run(60);
    return trace.lines.join("\n");
  };
  assert.equal(run(1), run(1));
  assert.notEqual(run(1), run(2));
});

test("any data by any path comes back the same, whatever the links carry", () => {
  const mtus = fc.array(fc.integer({ min: 68, max: 1500 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(mtus, fc.uint8Array({ maxLength: 2000 }), (links, data) => {
      const lab = new Lab();
      const hosts = [
        lab.host("h0"),
        ...links.slice(1).map((_, index) => lab.router(`r${index + 1}`)),
        lab.host("last"),
      ];
      for (const [link, mtu] of links.entries()) {
        const [left, right] = [hosts[link], hosts[link + 1]];
        if (left === undefined || right === undefined) continue;
        const addressed = [
          lab.nic(left, `10.0.${link}.1/24`, { mtu }),
          lab.nic(right, `10.0.${link}.2/24`, { mtu }),
        ] as const;
        lab.cable(...addressed);
        left.addRoute("0.0.0.0/0", { gateway: ip(`10.0.${link}.2`), metric: 1 });
        right.addRoute("10.0.0.0/24", `10.0.${link}.1`);
      }
      const result = lab.ping(hosts[0] as never, `10.0.${links.length - 1}.2`, data);
      assert.ok(typeof result === "object" && "data" in result, String(kind(result)));
      assert.deepEqual(result.data, data);
      assert.equal(lab.pool.inUse, 0);
    }),
    { numRuns: 50 },
  );
});
