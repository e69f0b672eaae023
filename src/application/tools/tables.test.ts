/** The commands that show what a host knows: ifconfig, arp, route, netstat, hostname. */
import assert from "node:assert/strict";
import test from "node:test";
import { runCommand } from "../../../test/fixtures/tools.ts";
import { TwoHosts } from "../../../test/networks/sockets/two-hosts.ts";
import { milliseconds } from "../../time/instant.ts";
import type { Command } from "../shell/command.ts";
import { arp } from "./arp.ts";
import { hostname } from "./hostname.ts";
import { ifconfig } from "./ifconfig.ts";
import { netstat } from "./netstat.ts";
import { ping } from "./ping.ts";
import { route } from "./route.ts";
import { ss } from "./ss.ts";

/** A host that has spoken to a neighbour, asked in vain for another, and has a default route. */
async function host() {
  const hosts = new TwoHosts();
  const run = (command: Command, line = "") => runCommand(hosts, hosts.client, command, line);
  hosts.client.addRoute("0.0.0.0/0", "10.0.0.2");
  hosts.client.addRoute("10.9.0.1/32", "10.0.0.2");
  hosts.client.addRoute("10.8.0.0/16", { kind: "unreachable" });
  await run(ping, "-c1 10.0.0.2");
  await run(ping, "-c1 10.0.0.9");
  return { hosts, run };
}

test("ifconfig shows interfaces with flags, addresses and counters", async () => {
  const { hosts, run } = await host();
  const { out, status } = await run(ifconfig, "eth0");
  const mac = hosts.client.nics[1]?.snapshot().mac;
  assert.equal(status, 0);
  assert.match(out, /^eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST> {2}mtu 1500\n/);
  assert.match(out, /\n {8}inet 10\.0\.0\.1 {2}netmask 255\.255\.255\.0 {2}broadcast 10\.0\.0\.255\n/);
  assert.ok(out.includes(`\n        ether ${mac}  txqueuelen `));
  const counters = hosts.client.nics[1]?.counters;
  assert.ok(out.includes(`RX packets ${counters?.receivedFrames}  bytes ${counters?.receivedBytes} (`));
  const all = await run(ifconfig);
  assert.match(
    all.out,
    /\n\nlo: flags=73<UP,LOOPBACK,RUNNING> {2}mtu 65536\n {8}inet 127\.0\.0\.1 {2}netmask 255\.0\.0\.0\n/,
  );
  const absent = await run(ifconfig, "eth9");
  assert.deepEqual(
    [absent.status, absent.error],
    [1, "eth9: error fetching interface information: Device not found\n"],
  );
  assert.equal((await run(ifconfig, "eth0 down")).error, "ifconfig: eth0 cannot be taken down here: cut its cable\n");
});

test("arp shows neighbours, those that did not answer as incomplete", async () => {
  const { hosts, run } = await host();
  const mac = hosts.server.nics[1]?.snapshot().mac;
  assert.equal(
    (await run(arp, "-n")).out,
    `Address                  HWtype  HWaddress           Flags Mask            Iface
10.0.0.2                 ether   ${mac}   C                     eth0
10.0.0.9                         (incomplete)                              eth0
`,
  );
  assert.equal((await run(arp, "-a server")).out, `? (10.0.0.2) at ${mac} [ether] on eth0\n`);
  const absent = await run(arp, "10.0.0.5");
  assert.deepEqual([absent.status, absent.out], [1, "10.0.0.5 (10.0.0.5) -- no entry\n"]);
  assert.equal((await run(arp, "-x 10.0.0.2")).error, "arp: invalid option -- 'x'\n");
});

test("route and netstat -r show the routing table, the host's own addresses left out", async () => {
  const { run } = await host();
  assert.equal(
    (await run(route)).out,
    `Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
default         10.0.0.2        0.0.0.0         UG    0      0        0 eth0
10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 eth0
10.8.0.0        -               255.255.0.0     !     0      0        0 -
10.9.0.1        10.0.0.2        255.255.255.255 UGH   0      0        0 eth0
`,
  );
  assert.match((await run(route, "-n")).out, /\n0\.0\.0\.0 {9}10\.0\.0\.2 /);
  assert.match((await run(netstat, "-rn")).out, /MSS Window {2}irtt Iface\n0\.0\.0\.0 .* UG {8}0 0 {10}0 eth0\n/);
  assert.equal((await run(route, "add default")).status, 7);
});

test("netstat shows connections, who listens and datagram sockets, as they are asked for", async () => {
  const { hosts, run } = await host();
  const { client, server } = hosts.net;
  const at = { address: hosts.net.at, port: 80 };
  await hosts.run(async () => {
    const listener = server.socket("inet", "stream");
    await listener.bind(at);
    await listener.listen();
    await client.socket("inet", "stream").connect(at);
    const own = client.socket("inet", "stream");
    await own.bind({ address: "0.0.0.0", port: 7 });
    await own.listen();
    await client.socket("inet", "dgram").bind({ address: "0.0.0.0", port: 53 });
  });
  const listens = "tcp        0      0 0.0.0.0:7               0.0.0.0:*               LISTEN     \n";
  const datagrams = "udp        0      0 0.0.0.0:53              0.0.0.0:*                          \n";
  const connection = /^tcp {8}0 {6}0 10\.0\.0\.1:\d+ +10\.0\.0\.2:80 +ESTABLISHED\n/;
  const lines = async (options: string) => (await run(netstat, options)).out.split("\n").slice(2).join("\n");
  assert.match(await lines("-n"), new RegExp(`${connection.source}$`));
  assert.equal(await lines("-ltun"), listens + datagrams);
  assert.equal(await lines("-lu"), datagrams);
  const all = await run(netstat, "-an");
  assert.match(all.out, /^Active Internet connections \(servers and established\)\nProto /);
  assert.equal(all.out.split("\n").length, 6);
});

test("hostname says the host's name, and with -I its addresses", async () => {
  const { run } = await host();
  assert.equal((await run(hostname)).out, "client\n");
  assert.equal((await run(hostname, "-I")).out, "10.0.0.1 \n");
  assert.equal((await run(hostname, "other")).status, 1);
});

test("ss shows who listens with the backlog, and connections with what TCP knows of them", async () => {
  const { hosts, run } = await host();
  await hosts.run(async () => {
    const listening = hosts.net.server.socket("inet", "stream");
    await listening.bind({ address: "0.0.0.0", port: 80 });
    await listening.listen(7);
    const socket = hosts.net.client.socket("inet", "stream");
    await socket.bind({ address: "0.0.0.0", port: 1234 });
    await socket.connect({ address: "10.0.0.2", port: 80 });
    await socket.send(new Uint8Array(5));
    await hosts.clock.sleep(milliseconds(1));
  });
  assert.equal(
    (await runCommand(hosts, hosts.server, ss, "-tln")).out,
    `State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
LISTEN 1      7            0.0.0.0:80        0.0.0.0:*    \n`,
  );
  const { out } = await run(ss, "-ti");
  assert.match(
    out,
    /^State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nESTAB 0 {6}\d {11}10\.0\.0\.1:1234 {5}10\.0\.0\.2:80 {3}\n\t cubic rto:[\d.]+ rtt:[\d.]+\/[\d.]+ mss:1448 cwnd:\d+ .*\n$/,
  );
  assert.match((await run(ss, "-aH")).out, /^tcp ESTAB/);
  assert.equal((await run(ss, "dst 10.0.0.1")).status, 255);
});
