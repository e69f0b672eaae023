import assert from "node:assert/strict";
import test from "node:test";
import { drops, Lab } from "../../../test/fixtures/hosts.ts";
import { Stranger } from "../../../test/fixtures/stranger.ts";
import { ANY, BROADCAST, type IpAddress, ip } from "../../address/ip.ts";
import { type Prefix, parsePrefix } from "../../address/prefix.ts";
import type { Route } from "../internet.ts";

const prefix = (text: string): Prefix => parsePrefix(text)?.prefix as Prefix;

/** A host on two networks, with a default route by the first. */
function host() {
  const lab = new Lab();
  const own = lab.host("pc1");
  const first = lab.nic(own, "10.0.1.1/24");
  const second = lab.nic(own, "10.0.2.1/24", { mtu: 9000 });
  own.addRoute("0.0.0.0/0", "10.0.1.254");
  const route = (remote: string, local?: string): Route => {
    const found = own.internet.route(ip(remote), local === undefined ? undefined : ip(local));
    if (typeof found === "string") throw new Error(found);
    return found;
  };
  const refusal = (remote: string, local: string) => own.internet.route(ip(remote), ip(local));
  const { internet } = own;
  return { lab, own, internet, first, second, route, refusal };
}

test("the source address is the outgoing interface's (RFC 1122 §3.3.4.3)", () => {
  const { route, first, second } = host();
  assert.deepEqual([route("10.0.1.9").local, route("10.0.1.9").nic], [ip("10.0.1.1"), first]);
  assert.deepEqual([route("10.0.2.9").local, route("10.0.2.9").nic], [ip("10.0.2.1"), second]);
  assert.equal(route("8.8.8.8").local, ip("10.0.1.1"));
});

test("a bound source address is kept, and does not choose the interface (weak host model)", () => {
  const { route, first, refusal } = host();
  const bound = route("8.8.8.8", "10.0.2.1");
  assert.deepEqual([bound.local, bound.nic], [ip("10.0.2.1"), first]);
  assert.equal(refusal("8.8.8.8", "10.0.2.77"), "EADDRNOTAVAIL");
  assert.equal(refusal("8.8.8.8", "127.0.0.1"), "EINVAL");
});

test("own addresses go by the loopback, from themselves", () => {
  const { route, own } = host();
  for (const address of ["10.0.2.1", "127.0.0.1", "127.1.2.3"]) {
    const found = route(address);
    assert.deepEqual([found.nic, found.local, found.payloadLimit], [own.loopback, ip(address), 65_515], address);
  }
  assert.equal((own.internet.route(ANY) as unknown) instanceof Object, true);
  assert.equal(route("0.0.0.0").remote, ip("127.0.0.1"), "this host");
});

test("limits follow the interface's MTU, and heed it when it changes", () => {
  const { route, second } = host();
  const far = route("10.0.2.9");
  assert.deepEqual([far.payloadLimit, far.receiveLimit], [8980, 8980]);
  second.mtu = 1500;
  assert.equal(far.payloadLimit, 1480);
});

test("broadcast and multicast go by the bound interface, else by the route", () => {
  const { route, first, second } = host();
  assert.deepEqual([route("255.255.255.255").nic, route("255.255.255.255").group], [first, true]);
  assert.equal(route("255.255.255.255", "10.0.2.1").nic, second);
  assert.deepEqual([route("10.0.2.255").nic, route("10.0.2.255").group], [second, true]);
  assert.deepEqual([route("224.0.0.9").nic, route("224.0.0.9").group], [first, true]);
  assert.equal(route("10.0.1.9").group, false);
});

test("a kept route follows the table, but keeps its address", () => {
  const { lab, internet, first, second, route } = host();
  const kept = route("192.0.2.1");
  assert.equal(kept.nic, first);
  internet.addRoute(prefix("192.0.2.0/24"), { gateway: ip("10.0.2.254") });
  assert.equal(kept.payloadLimit, 8980, "asked for its limit, it is brought up to date");
  assert.deepEqual([kept.nic, kept.local], [second, ip("10.0.1.1")]);
  assert.equal(route("192.0.2.1").local, ip("10.0.2.1"));
  internet.removeRoute(prefix("192.0.2.0/24"));
  internet.removeRoute(prefix("0.0.0.0/0"));
  assert.equal(internet.route(ip("192.0.2.1")), "ENETUNREACH");
  const packet = lab.pool.allocate(10);
  assert.equal(internet.output(packet, kept, 17, { hopLimit: 1, trafficClass: 0, dontFragment: false }), "ENETUNREACH");
  assert.equal(lab.pool.inUse, 0);
});

test("a conversation whose address was taken away has no way any more", () => {
  const { lab, internet, first, route } = host();
  const kept = route("10.0.1.9");
  assert.equal(internet.deconfigure(first, ip("10.0.1.1")), undefined);
  const packet = lab.pool.allocate(10);
  const options = { hopLimit: 1, trafficClass: 0, dontFragment: false };
  assert.equal(internet.output(packet, kept, 17, options), "EADDRNOTAVAIL");
  assert.equal(internet.route(ip("10.0.1.9")), "ENETUNREACH", "and its network no route");
  assert.equal(internet.route(ip("8.8.8.8")), "ENETUNREACH", "nor what went by its gateway");
  assert.equal(internet.deconfigure(first, ip("10.0.1.1")), "EADDRNOTAVAIL");
});

test("configuration that makes no sense is refused", () => {
  const { internet, first, own } = host();
  for (const address of ["0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255", "240.0.0.1"]) {
    assert.equal(internet.configure(first, ip(address), 24), "EINVAL", address);
  }
  assert.equal(internet.configure(first, ip("10.0.1.2"), 33), "EINVAL");
  assert.equal(internet.configure(first, ip("10.0.1.1"), 24), "EADDRINUSE");
  assert.equal(internet.addRoute(prefix("0.0.0.0/0"), { gateway: ip("8.8.8.8") }), "ENETUNREACH");
  assert.equal(internet.addRoute(prefix("0.0.0.0/0"), { gateway: ip("10.0.1.1") }), "EINVAL");
  assert.equal(internet.addRoute(prefix("0.0.0.0/0"), {}), "EINVAL");
  assert.equal(internet.addRoute(prefix("0.0.0.0/0"), { gateway: ip("10.0.1.254") }), "EADDRINUSE");
  assert.equal(internet.removeRoute(prefix("1.0.0.0/8")), "ENETUNREACH");
  assert.equal(own.addRoute("1.2.3", "10.0.1.254"), "EINVAL");
  assert.equal(own.addRoute("0.0.0.0/0", "nobody"), "EINVAL");
  assert.equal(own.configure(first, "10.0.1", 24), "EINVAL");
});

test("an address is announced when it is configured on a live link, and when the link comes up (RFC 5227 §2.3)", () => {
  const { lab, own, first } = host();
  const stranger = new Stranger(lab, first);
  lab.run();
  const announced = { operation: 1, sender: ip("10.0.1.1"), target: ip("10.0.1.1") };
  assert.deepEqual(stranger.arp, [announced]);
  own.configure(first, "10.0.9.1", 24);
  lab.run();
  assert.deepEqual(stranger.arp.slice(1), [{ operation: 1, sender: ip("10.0.9.1"), target: ip("10.0.9.1") }]);
});

test("a dead gateway is left for another, and comes back when it is heard of (RFC 1122 §3.3.1.5)", () => {
  const lab = new Lab();
  const own = lab.host("pc1");
  const left = lab.nic(own, "10.0.1.1/24");
  const right = lab.nic(own, "10.0.2.1/24");
  own.addRoute("0.0.0.0/0", { gateway: ip("10.0.1.254"), metric: 1 });
  own.addRoute("0.0.0.0/0", { gateway: ip("10.0.2.254"), metric: 2 });
  const one = new Stranger(lab, left);
  const other = new Stranger(lab, right);
  one.answers = false;
  const ping = (): void => void lab.ping(own, "8.8.8.8");
  ping();
  lab.run(3);
  assert.equal(drops(left, "neighbor-unresolved"), 1);
  ping();
  assert.equal(other.heard.length, 1);
  one.answers = true;
  own.internet.interfaces.of(left)?.arp?.table.heard(ip("10.0.1.254"), one.nic.mac, false, false);
  ping();
  assert.deepEqual([one.heard.length, other.heard.length], [1, 1]);
});

test("an interface without its cable is left for another route", () => {
  const lab = new Lab();
  const own = lab.host("pc1");
  const left = lab.nic(own, "10.0.1.1/24");
  const right = lab.nic(own, "10.0.2.1/24");
  const peer = lab.host("pc2");
  const cable = lab.cable(left, lab.nic(peer, "10.0.1.254/24"));
  new Stranger(lab, right);
  own.addRoute("0.0.0.0/0", { gateway: ip("10.0.1.254"), metric: 1 });
  own.addRoute("0.0.0.0/0", { gateway: ip("10.0.2.254"), metric: 2 });
  const nicOf = (remote: IpAddress) => (own.internet.route(remote) as Route).nic;
  assert.equal(nicOf(ip("8.8.8.8")), left);
  cable.unplug();
  assert.equal(nicOf(ip("8.8.8.8")), right);
  cable.plug();
  assert.equal(nicOf(ip("8.8.8.8")), left);
});

test("advice from above keeps a next hop reachable without a question (RFC 1122 §2.3.2.1 (4))", () => {
  const { lab, internet, first, route } = host();
  const stranger = new Stranger(lab, first);
  const kept = route("10.0.1.9");
  const send = (): void => {
    const packet = lab.pool.allocate(10);
    packet.end += 10;
    internet.output(packet, kept, 253, { hopLimit: 9, trafficClass: 0, dontFragment: true });
  };
  internet.confirm(kept);
  send();
  for (let second = 0; second < 200; second++) {
    lab.run();
    internet.confirm(kept);
    send();
  }
  assert.equal(stranger.arp.filter(({ target }) => target === ip("10.0.1.9")).length, 1);
});

test("advice that a next hop may be dead finds out whether it is, and takes the other gateway (RFC 1122 §3.3.1.4)", () => {
  const { lab, own, internet, first, second, route } = host();
  own.addRoute("0.0.0.0/0", { gateway: ip("10.0.2.254"), metric: 9 });
  const gateway = new Stranger(lab, first);
  new Stranger(lab, second);
  const far = route("8.8.8.8");
  const packet = lab.pool.allocate(10);
  packet.end += 10;
  internet.output(packet, far, 253, { hopLimit: 9, trafficClass: 0, dontFragment: true });
  lab.run();
  internet.doubt(far);
  lab.run(5);
  assert.equal(route("8.8.8.8").nic, first, "it answered");
  gateway.answers = false;
  internet.doubt(far);
  lab.run(5);
  assert.equal(route("8.8.8.8").nic, second);
});

test("the snapshot is plain data", () => {
  const { internet } = host();
  const snapshot = internet.snapshot();
  assert.deepEqual(JSON.parse(JSON.stringify(snapshot.interfaces[1]?.addresses)), ["10.0.1.1/24"]);
  assert.deepEqual(
    snapshot.routes.map(({ prefix: to, gateway, interface: by, connected }) => `${to} ${gateway} ${by} ${connected}`),
    ["10.0.1.0/24 undefined eth0 true", "10.0.2.0/24 undefined eth1 true", "0.0.0.0/0 10.0.1.254 eth0 false"],
  );
  assert.equal(internet.isBroadcast(BROADCAST), true);
});
