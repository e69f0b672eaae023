import assert from "node:assert/strict";
import test from "node:test";
import { runCommand } from "../../../test/fixtures/tools.ts";
import { TwoHosts } from "../../../test/networks/sockets/two-hosts.ts";
import { milliseconds } from "../../time/instant.ts";
import { traceroute } from "./traceroute.ts";

const run = (line: string, hosts = new TwoHosts({ delay: milliseconds(1) }), stopAfter?: number) =>
  runCommand(hosts, hosts.client, traceroute, line, stopAfter);

test("the host itself ends the way, with three times", async () => {
  const { status, out, error } = await run("server");
  assert.equal(error, "");
  assert.equal(
    out,
    `traceroute to server (10.0.0.2), 30 hops max, 60 byte packets
 1  10.0.0.2 (10.0.0.2)  3.000 ms  3.000 ms  3.000 ms
`,
  );
  assert.equal(status, 0);
});

test("what does not answer is a star, and a next hop that is not there a mark of our own", async () => {
  const hosts = new TwoHosts({ delay: milliseconds(1) });
  await run("-q1 10.0.0.2", hosts);
  const absent = await run("-n -q 2 10.0.0.77", hosts);
  assert.match(absent.out, /\n 1 {2}10\.0\.0\.1 {2}\d+\.\d{3} ms !H {2}\d+\.\d{3} ms !H\n$/);
  hosts.cable.setConditions("both", { cut: true });
  const silent = await run("-m 2 -w 1 10.0.0.2", hosts);
  assert.equal(silent.out.split("\n").slice(1).join("\n"), " 1  * * *\n 2  * * *\n");
});

test("Ctrl-C ends it, and bad arguments are told", async () => {
  const hosts = new TwoHosts({ delay: milliseconds(1) });
  await run("-q1 10.0.0.2", hosts);
  hosts.cable.setConditions("both", { cut: true });
  assert.equal((await run("10.0.0.2", hosts, 1e9)).status, 130);
  assert.equal((await run("")).status, 2);
  assert.equal((await run("-q 11 server")).status, 2);
  assert.equal((await run("nosuch")).error, "nosuch: Name or service not known\n");
  assert.equal((await run("192.0.2.1")).error, "sendto: Network is unreachable\n");
});
