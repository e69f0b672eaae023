import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldDefinition } from "../dissect/field.ts";
import { readFilter } from "./display-filter.ts";
import { FieldTable } from "./fields.ts";

const NAMES = ["tcp.port", "tcp.dstport", "tcp.srcport", "tcp.flags.syn", "udp.port", "ip.addr", "http.request.method"];
const PROTOCOLS = ["tcp", "udp", "ip", "dns", "http", "arp"];
const define = (name: string, type: FieldDefinition["type"]): FieldDefinition => ({ name, label: name, type });
const table = new FieldTable([
  ...NAMES.map((name) => define(name, "uint")),
  ...PROTOCOLS.map((name) => define(name, "protocol")),
]);

/** The filter with what is suggested in place of what is wrong. */
function mended(text: string): string | undefined {
  const read = readFilter(text, table);
  if (!("problem" in read) || read.problem.suggestion === undefined) return undefined;
  const { offset, length, suggestion } = read.problem;
  return text.slice(0, offset) + suggestion + text.slice(offset + length);
}

const MEANT: readonly (readonly [typed: string, meant: string | undefined])[] = [
  ["tcp.prot == 80", "tcp.port == 80"],
  ["tcp.prot", "tcp.port"],
  ["udp && tcp.dsport == 80", "udp && tcp.dstport == 80"],
  ["TCP.PORT == 80", "tcp.port == 80"],
  ["htpp", "http"],
  ["tpc", "tcp"],
  ["http.requst.metod == 1", "http.request.method == 1"],
  ["tcp.port = 80", "tcp.port == 80"],
  ["tcp.port => 80", "tcp.port >= 80"],
  ["tcp.port =< 80", "tcp.port <= 80"],
  ["tcp.port <> 80", "tcp.port != 80"],
  ["tcp AND udp", "tcp and udp"],
  ["something", undefined],
  ["x == 1", undefined],
  ["80 == tcp.port", undefined],
  ["tcp udp", undefined],
  ["tcp.port == ", undefined],
];

for (const [typed, meant] of MEANT) {
  test(meant === undefined ? `for ${typed} nothing is suggested` : `for ${typed} ${meant} is suggested`, () => {
    assert.equal(mended(typed), meant);
    if (meant !== undefined) assert.ok("filter" in readFilter(meant, table));
  });
}
