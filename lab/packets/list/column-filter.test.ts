import assert from "node:assert/strict";
import { test } from "node:test";
import type { PacketRow } from "../../../src/engine/protocol/index.ts";
import { columnFilter } from "./column-filter.ts";

const ROW: PacketRow = {
  number: 7,
  event: 9,
  time: 0,
  source: "10.0.0.1",
  destination: "02:00:00:00:00:01",
  protocol: "TLSv1.3",
  length: 60,
  info: "Client Hello",
  nic: "pc1.eth0",
  direction: "out",
  group: "tls",
  notes: [],
};

test("a cell becomes a filter by what stands in it", () => {
  assert.equal(columnFilter(ROW, "source"), "ip.src == 10.0.0.1");
  assert.equal(columnFilter(ROW, "destination"), "eth.dst == 02:00:00:00:00:01");
  assert.equal(columnFilter(ROW, "protocol"), "tls");
  assert.equal(columnFilter({ ...ROW, protocol: "HTTP" }, "protocol"), "http");
  assert.equal(columnFilter(ROW, "length"), "frame.len == 60");
});

test("what is no address or name becomes none", () => {
  assert.equal(columnFilter({ ...ROW, source: "pc1" }, "source"), undefined);
  assert.equal(columnFilter({ ...ROW, protocol: "HTTP/JSON 1" }, "protocol"), undefined);
  assert.equal(columnFilter(ROW, "info"), undefined);
});
