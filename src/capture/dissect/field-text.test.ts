import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { define } from "./define.ts";
import type { FieldDefinition, FieldValue } from "./field.ts";
import { escaped, lineOf, showOf } from "./field-text.ts";

describe("a field writes its value and its line as Wireshark does", () => {
  const cases: readonly [FieldDefinition, FieldValue, show: string, line: string][] = [
    [define.u16("a", "Source Port"), 80, "80", "Source Port: 80"],
    [define.u16("a", "Type", { base: "hex", values: { 2048: "IPv4" } }), 0x800, "0x0800", "Type: IPv4 (0x0800)"],
    [define.u16("a", "Type", { values: { 1: "one" }, otherwise: "Unknown" }), 2, "2", "Type: Unknown (2)"],
    [define.u16("a", "Id", { base: "hex-dec" }), 255, "0x00ff", "Id: 0x00ff (255)"],
    [define.u16("a", "Id", { base: "dec-hex" }), 255, "255", "Id: 255 (0x00ff)"],
    [define.u8("a", "Status", { values: { 1: "Good" }, named: true }), 1, "1", "Status: Good"],
    [define.u8("a", "Version", { mask: 0xf0 }), 4, "4", "0100 .... = Version: 4"],
    [define.u8("a", "Flags", { mask: 0xe0, base: "hex" }), 2, "0x02", "010. .... = Flags: 0x2"],
    [define.flag("a", "Syn", 2, 2, { bits: 12 }), true, "1", ".... .... ..1. = Syn: Set"],
    [define.field("a", "Marked", "boolean"), false, "0", "Marked: False"],
    [define.ipv4("a", "Source"), 0x0a000001, "10.0.0.1", "Source: 10.0.0.1"],
    [define.ether("a", "Source"), 0x020000000001, "02:00:00:00:00:01", "Source: 02:00:00:00:00:01"],
    [define.bytes("a", "Padding"), Uint8Array.of(0, 10), "00:0a", "Padding: 000a"],
    [define.duration("a", "Delta"), 1_500_000, "0.001500000", "Delta: 0.001500000 seconds"],
    [define.duration("a", "Delta"), -1, "-0.000000001", "Delta: -0.000000001 seconds"],
    [define.field("a", "Time", "double"), 0.1234567, "0.123457", "Time: 0.123457"],
    [define.none("a", "Analysis"), undefined, "", "Analysis"],
    [
      define.field("a", "Arrival", "time"),
      1_767_225_600_000_000_001n,
      "Jan  1, 2026 00:00:00.000000001 UTC",
      "Arrival: Jan  1, 2026 00:00:00.000000001 UTC",
    ],
  ];
  for (const [definition, value, show, line] of cases) {
    test(line, () => {
      assert.equal(showOf(definition, value), show);
      assert.equal(lineOf(definition, value), line);
    });
  }
});

test("what would move a line or a cursor is written as C writes it", () => {
  assert.equal(escaped("a\r\n\x1b[2J\u0085"), "a\\r\\n\\033[2J\\205");
  assert.equal(escaped("exe.\u202egpj\u2066\u2028\u061c"), "exe.\\u202egpj\\u2066\\u2028\\u061c");
});
