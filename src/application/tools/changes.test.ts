/** The forms of ifconfig, route and arp that change what a host knows. */
import assert from "node:assert/strict";
import test from "node:test";
import { runCommand } from "../../../test/fixtures/tools.ts";
import { TwoHosts } from "../../../test/networks/sockets/two-hosts.ts";
import type { Command } from "../shell/command.ts";
import { arp } from "./arp.ts";
import { ifconfig } from "./ifconfig.ts";
import { ping } from "./ping.ts";
import { route } from "./route.ts";

function host() {
  const hosts = new TwoHosts();
  const run = (command: Command, line = "") => runCommand(hosts, hosts.client, command, line);
  const addresses = () => hosts.client.snapshot().ipv4.interfaces.find(({ name }) => name === "eth0")?.addresses;
  const routes = () =>
    hosts.client
      .snapshot()
      .ipv4.routes.filter((each) => each.interface !== "lo")
      .map(({ prefix, gateway, kind }) =>
        [prefix, ...(gateway === undefined ? [] : [gateway]), ...(kind === "unicast" ? [] : [kind])].join(" "),
      );
  return { hosts, run, addresses, routes };
}

test("ifconfig gives an interface another address, with the mask that is written or its class's", async () => {
  const { run, addresses, routes } = host();
  for (const [line, expected] of [
    ["eth0 10.0.0.7 netmask 255.255.255.0 up", ["10.0.0.7/24"]],
    ["eth0 10.0.0.7/16", ["10.0.0.7/16"]],
    ["eth0 netmask 255.0.0.0", ["10.0.0.7/8"]],
    ["eth0 172.16.0.1", ["172.16.0.1/16"]],
    ["eth0 192.168.1.1", ["192.168.1.1/24"]],
    ["eth0 up", ["192.168.1.1/24"]],
    ["eth0 0.0.0.0", []],
    ["eth0 10.0.0.1", ["10.0.0.1/8"]],
  ] as const) {
    assert.deepEqual(await run(ifconfig, line), { status: 0, out: "", error: "" }, line);
    assert.deepEqual(addresses(), expected, line);
  }
  assert.deepEqual(routes(), ["10.0.0.0/8"]);
});

test("ifconfig leaves all as it was when what is written is none", async () => {
  const { run, addresses } = host();
  for (const [line, why] of [
    ["eth0 224.0.0.1", "SIOCSIFADDR: Invalid argument\n"],
    ["eth0 10.0.0.1/33", "SIOCSIFADDR: Invalid argument\n"],
    ["eth0 netmask 255.0.255.0", "SIOCSIFNETMASK: Invalid argument\n"],
    ["eth0 sideways", "ifconfig: sideways: not an address, and no option here\n"],
    ["eth7 10.0.0.1", "eth7: error fetching interface information: Device not found\n"],
  ] as const) {
    assert.deepEqual(await run(ifconfig, line), { status: 1, out: "", error: why }, line);
    assert.deepEqual(addresses(), ["10.0.0.1/24"], line);
  }
});

test("route adds and removes routes, by which packets go from then on", async () => {
  const { run, routes } = host();
  assert.equal((await run(ping, "-c1 10.9.0.1")).error, "ping: connect: Network is unreachable\n");
  for (const line of [
    "add default gw 10.0.0.2",
    "add -net 10.8.0.0 netmask 255.255.0.0 gw server metric 5",
    "add -net 10.7.0.0/16 dev eth0",
    "add -host 10.6.0.1 reject",
  ]) {
    assert.deepEqual(await run(route, line), { status: 0, out: "", error: "" }, line);
  }
  assert.deepEqual(routes().sort(), [
    "0.0.0.0/0 10.0.0.2",
    "10.0.0.0/24",
    "10.6.0.1/32 unreachable",
    "10.7.0.0/16",
    "10.8.0.0/16 10.0.0.2",
  ]);
  assert.match((await run(ping, "-c1 -W1 10.9.0.1")).out, /0 received/);
  for (const line of ["del default", "del -net 10.8.0.0/16", "del -net 10.7.0.0/16", "del 10.6.0.1"]) {
    assert.equal((await run(route, line)).status, 0, line);
  }
  assert.deepEqual(routes(), ["10.0.0.0/24"]);
});

test("route tells in net-tools' words what cannot be done", async () => {
  const { run } = host();
  await run(route, "add default gw 10.0.0.2");
  for (const [line, status, why] of [
    ["add default gw 10.0.0.2", 7, "SIOCADDRT: File exists\n"],
    ["add default gw 10.5.0.1", 7, "SIOCADDRT: Network is unreachable\n"],
    ["add -net 10.5.0.0/16 dev eth7", 7, "SIOCADDRT: No such device\n"],
    ["del -net 10.5.0.0/16", 7, "SIOCDELRT: No such process\n"],
    ["add -net 10.5.0.1/16 gw 10.0.0.2", 4, "route: netmask doesn't match route address\n"],
    ["add -net 10.5.0.0 gw 10.0.0.2", 4, "route: netmask doesn't make sense\n"],
    ["add default gw nobody", 4, "route: nobody: Host name lookup failure\n"],
  ] as const) {
    assert.deepEqual(await run(route, line), { status, out: "", error: why }, line);
  }
});

test("arp enters a neighbour that is never asked for, and forgets one", async () => {
  const { hosts, run } = host();
  const mac = hosts.server.nics[1]?.snapshot().mac ?? "";
  assert.equal((await run(arp, `-s server ${mac}`)).status, 0);
  assert.match((await run(arp, "-n")).out, new RegExp(`10\\.0\\.0\\.2 +ether +${mac} +CM +eth0`));
  assert.match((await run(ping, "-c1 server")).out, /1 received/);
  assert.match((await run(arp, "-n")).out, / CM /, "and it stays so, whatever comes");
  assert.equal((await run(arp, "-d server")).status, 0);
  assert.equal((await run(arp, "-n")).out, "");
  assert.deepEqual(await run(arp, "-d server"), { status: 255, out: "", error: "No ARP entry for server\n" });
  assert.match((await run(arp, "-s server nonsense")).error, /invalid hardware address/);
  assert.match((await run(arp, `-s 10.9.9.9 ${mac}`)).error, /^SIOCSARP: Network is unreachable/);
});
