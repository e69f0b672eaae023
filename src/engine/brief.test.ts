import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { brief } from "./brief.ts";

const ETHERNET = "020000000002020000000001";
const ip = (protocol: string, payload: string): string => {
  const length = (20 + payload.length / 2).toString(16).padStart(4, "0");
  return `${ETHERNET}08004500${length}0000400040${protocol}00000a0000010a000002${payload}`;
};
const tcp = (ports: string, flags: string, payload = ""): string =>
  ip("06", `${ports}000000000000000050${flags}ffff00000000${payload}`);
const text = (letters: string): string => Buffer.from(letters).toString("hex");

const CASES: readonly [hex: string, said: string][] = [
  [`${ETHERNET}08060001080006040001020000000001${"0a000001"}000000000000${"0a000002"}`, "ARP who has 10.0.0.2?"],
  [`${ETHERNET}08060001080006040002020000000001${"0a000001"}020000000002${"0a000002"}`, "ARP 10.0.0.1 is here"],
  [ip("01", "0800000000000000"), "ICMP echo request"],
  [ip("11", "0bb80bb9000c0000abcdabcd"), "UDP 4 B"],
  [
    ip("11", `a00000350025000000010100000100000000000003${text("www")}07${text("example")}0000010001`),
    "DNS query www.example",
  ],
  [tcp("a0001f90", "02"), "TCP SYN"],
  [tcp("1f90a000", "12"), "TCP SYN, ACK"],
  [tcp("a0000050", "18", text("GET /index.html HTTP/1.1\r\nHost")), "HTTP GET /index.html HTTP/1.1"],
  [tcp("a00022b8", "18", text("hello\r\n")), "CHAT hello"],
  [tcp("a00022b8", "18", "000102"), "CHAT 3 B"],
  [tcp("a00001bb", "18", "160303000501000000"), "TLS Client Hello"],
  [tcp("a0000d6a", "19", "000102"), "TCP 3 B, FIN"],
  [`${ETHERNET}86dd`, "Ethernet type 0x86dd"],
  ["0200", "Ethernet malformed"],
];

for (const [hex, said] of CASES) {
  test(`a frame is said to be ${said}`, () => {
    const { protocol, label } = brief(Uint8Array.from(Buffer.from(hex, "hex")));
    assert.equal(`${protocol} ${label}`, said);
  });
}

test("whatever stands in a frame, something is said of it that people can read", () => {
  const types = fc.constantFrom("0800", "0806", "86dd");
  const frame = fc.tuple(types, fc.uint8Array({ maxLength: 120 })).map(([type, rest]) => {
    return Uint8Array.from([...Buffer.from(ETHERNET + type, "hex"), ...rest]);
  });
  fc.assert(
    fc.property(frame, (bytes) => {
      const { protocol, label } = brief(bytes);
      assert.match(`${protocol} ${label}`, /^[ -~]*$/);
    }),
  );
});
