import assert from "node:assert/strict";
import { test } from "node:test";
import { difference } from "./compare.ts";
import { formatPacket } from "./format.ts";
import { parsePacket } from "./parse-packet.ts";
import { Scanner } from "./scanner.ts";

const packet = (text: string) => parsePacket(new Scanner(text));
const differs = (expected: string, came: string, stamps?: number) => difference(packet(expected), packet(came), stamps);

test("what the script leaves out is not looked at", () => {
  assert.equal(differs("P. 1:11(10) ack 5", "[tos 0x10, ttl 64] P. 1:11(10) ack 5 win 1000"), undefined);
  assert.equal(differs(". 1:1(0) ack 5 <...>", ". 1:1(0) ack 5 <nop,nop,sack 6:7>"), undefined);
  assert.equal(differs("S 0:0(0)", "S 0:0(0) <mss 1460>"), undefined);
  assert.equal(differs("[ect01] . 1:1(0)", "[ect1] . 1:1(0)"), undefined);
  assert.equal(differs(". 1:1(0) <TS val 1 ecr 5>", ". 1:1(0) <TS val 900 ecr 5>"), undefined);
});

test("every field that differs is named", () => {
  const cases: [string, string, RegExp][] = [
    ["S 0:0(0)", "S. 0:0(0)", /^flags: expected S, came S\.$/],
    [". 1:1(0)", ". 2:2(0)", /^sequence number: expected 1, came 2$/],
    [". 1:2(1)", ". 1:3(2)", /^length/],
    [". 1:1(0) ack 1", ". 1:1(0) ack 2", /^ack/],
    [". 1:1(0) win 1", ". 1:1(0) win 2", /^window/],
    [". 1:1(0) urg 1", ". 1:1(0)", /^urgent pointer: expected 1, came none$/],
    [". 1:1(0) <nop>", ". 1:1(0)", /^TCP options: expected <nop>, came <>$/],
    [". 1:1(0) <TS val 1 ecr 5>", ". 1:1(0) <TS val 1 ecr 6>", /^TCP options/],
    ["[ce] . 1:1(0)", "[ect0] . 1:1(0)", /^ECN/],
    ["[ect01] . 1:1(0)", "[noecn] . 1:1(0)", /^ECN/],
    ["[ttl 1] . 1:1(0)", "[ttl 2] . 1:1(0)", /^time to live/],
    ["[tos 1] . 1:1(0)", "[tos 2] . 1:1(0)", /^type of service/],
    ["udp (1)", "udp (2)", /^length/],
    ["udp (1)", ". 1:1(0)", /^expected a packet of udp, one of tcp came$/],
    ["icmp unreachable port_unreachable", "icmp unreachable host_unreachable", /^ICMP code/],
  ];
  for (const [expected, came, message] of cases) assert.match(differs(expected, came) ?? "", message, expected);
  assert.match(differs(". 1:1(0) <TS val 1 ecr 5>", ". 1:1(0) <TS val 7 ecr 5>", 4) ?? "", /^TCP options/);
});

test("packets are printed as scripts write them", () => {
  for (const text of [
    "SFRPUEW. 1:11(10) ack 5 win 100 urg 3 <mss 1460,nop,wscale 7,sackOK,eol>",
    "[ect0, tos 0x2, ttl 7] - 0:0(0)",
    "S 0:0(0) <...>",
    "udp (10)",
    "icmp type 3 code 4 mtu 1300",
  ]) {
    assert.equal(formatPacket(packet(text)), text);
  }
});
