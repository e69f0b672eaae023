import assert from "node:assert/strict";
import test from "node:test";
import { runCommand } from "../../../test/fixtures/tools.ts";
import { TwoHosts } from "../../../test/networks/sockets/two-hosts.ts";
import { microseconds, milliseconds } from "../../time/instant.ts";
import { ping } from "./ping.ts";

const run = (line: string, hosts = new TwoHosts({ delay: milliseconds(1) }), stopAfter?: number) =>
  runCommand(hosts, hosts.client, ping, line, stopAfter);

test("answers are told with their size, sequence, time to live and time, then the statistics, as iputils does", async () => {
  const { status, out, error } = await run("-c 3 server");
  assert.equal(error, "");
  assert.equal(
    out,
    `PING server (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=3.00 ms
64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=2.00 ms
64 bytes from 10.0.0.2: icmp_seq=3 ttl=64 time=2.00 ms

--- server ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 2000ms
rtt min/avg/max/mdev = 2.000/2.333/3.000/0.471 ms
`,
  );
  assert.equal(status, 0);
});

test("size, interval and time to live are the user's; short data have no time", async () => {
  const { out } = await run("-c2 -i 0.25 -s 8 10.0.0.2");
  assert.match(
    out,
    /^PING 10\.0\.0\.2 \(10\.0\.0\.2\) 8\(36\) bytes of data\.\n16 bytes from 10\.0\.0\.2: icmp_seq=1 ttl=64\n/,
  );
  assert.match(out, /2 received, 0% packet loss, time 250ms\n\n$/);
  assert.match((await run("-c1 -s 4000 10.0.0.2")).out, /4008 bytes from 10\.0\.0\.2: icmp_seq=1/);
});

test("a next hop that does not answer is told from our own address, and the status is 1", async () => {
  const { status, out } = await run("-c 2 10.0.0.77");
  assert.match(out, /From 10\.0\.0\.1 icmp_seq=1 Destination Host Unreachable\n/);
  assert.match(out, /2 packets transmitted, 0 received, \+2 errors, 100% packet loss, time 1000ms\npipe \d\n$/);
  assert.equal(status, 1);
});

test("Ctrl-C prints the statistics", async () => {
  const { status, out } = await run("10.0.0.2", undefined, 2.5e9);
  assert.match(out, /3 packets transmitted, 3 received, 0% packet loss, time 2000ms\nrtt /);
  assert.equal(status, 0);
});

test("what is lost is counted and the last is waited for, a deadline ends it, and quiet says only the end", async () => {
  const hosts = new TwoHosts({ delay: microseconds(50) });
  await run("-c1 10.0.0.2", hosts);
  hosts.cable.setConditions("both", { cut: true });
  const lost = await run("-q -c 3 -W 1 10.0.0.2", hosts);
  assert.match(
    lost.out,
    /^PING .*\n\n--- 10\.0\.0\.2 ping statistics ---\n3 packets transmitted, 0 received, 100% packet/,
  );
  assert.equal(lost.status, 1);
  const late = await run("-w 3 10.0.0.2");
  assert.match(late.out, /3 packets transmitted, 3 received/);
  assert.equal(late.status, 0);
});

test("a broadcast address is asked with -b alone, and nobody answers, as on Linux", async () => {
  const { status, error } = await run("-c1 10.0.0.255");
  assert.equal(error, "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n");
  assert.equal(status, 2);
  assert.match((await run("-b -c1 -W 1 10.0.0.255")).out, /1 packets transmitted, 0 received, 100% packet loss/);
});

test("bad arguments, unknown names and absent routes are told as iputils tells them", async () => {
  const told = async (line: string) => {
    const { status, error } = await run(line);
    return `${status} ${error}`;
  };
  assert.equal(await told(""), "1 ping: usage error: Destination address required\n");
  assert.equal(await told("-c 0 server"), "1 ping: invalid argument: '0'\n");
  assert.equal(await told("-c 1.5 server"), "1 ping: invalid argument: '1.5'\n");
  assert.equal(await told("-Z server"), "2 ping: invalid option -- 'Z'\n");
  assert.equal(await told("nosuch"), "2 ping: nosuch: Name or service not known\n");
  assert.equal(await told("later"), "2 ping: later: Temporary failure in name resolution\n");
  assert.equal(await told("192.0.2.1"), "2 ping: connect: Network is unreachable\n");
});
