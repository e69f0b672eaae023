import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Dissection, Field, FieldDefinition, FieldType, FieldValue } from "../dissect/field.ts";
import { readFilter } from "./display-filter.ts";
import { FieldTable } from "./fields.ts";

const define = (name: string, type: FieldType, more: Partial<FieldDefinition> = {}): FieldDefinition => ({
  ...{ name, label: name, type },
  ...more,
});

const DEFINITIONS = {
  frame: define("frame", "protocol"),
  "frame.number": define("frame.number", "uint", { width: 4 }),
  "frame.time": define("frame.time", "time"),
  "frame.time_delta": define("frame.time_delta", "duration"),
  eth: define("eth", "protocol"),
  "eth.src": define("eth.src", "ether"),
  ip: define("ip", "protocol"),
  "ip.len": define("ip.len", "uint", { width: 2 }),
  "ip.addr": define("ip.addr", "ipv4"),
  "ip.proto": define("ip.proto", "uint", { width: 1, values: { 6: "TCP", 17: "UDP" } }),
  tcp: define("tcp", "protocol"),
  udp: define("udp", "protocol"),
  "tcp.port": define("tcp.port", "uint", { width: 2 }),
  "tcp.flags": define("tcp.flags", "uint", { width: 2 }),
  "tcp.flags.syn": define("tcp.flags.syn", "boolean", { truth: ["Set", "Not set"] }),
  "tcp.payload": define("tcp.payload", "bytes"),
  "http.host": define("http.host", "string"),
  "ipv6.addr": define("ipv6.addr", "ipv6"),
  "tcp.analysis": define("tcp.analysis", "none"),
  "big.number": define("big.number", "uint64", { width: 8 }),
} satisfies Record<string, FieldDefinition>;

const table = new FieldTable(Object.values(DEFINITIONS));

const BYTES = Uint8Array.from([
  ...[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0],
  ...[0x45, 0, 0, 44, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2],
  ...[0x12, 0x34, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0, 0, 0, 0],
  ...[0x47, 0x45, 0x54, 0x20],
  ...[0xee, 0xee],
]);

const at = (
  name: keyof typeof DEFINITIONS,
  value: FieldValue,
  offset = 0,
  length = 0,
  children: readonly Field[] = [],
): Field => ({
  ...{
    definition: DEFINITIONS[name],
    value,
    source: 0,
    offset,
    length,
    text: name,
    generated: false,
    hidden: false,
    children,
  },
});

const FRAME: Dissection = {
  number: 7,
  sources: [{ name: "Frame", bytes: BYTES }],
  columns: { source: "", destination: "", protocol: "", info: "" },
  layers: [
    at("frame", undefined, 0, BYTES.length, [
      at("frame.number", 7),
      at("frame.time", 1_767_225_600_500_000_000n),
      at("frame.time_delta", 1_500_000),
    ]),
    at("eth", undefined, 0, 14, [at("eth.src", 0x020000000001, 6, 6)]),
    at("ip", undefined, 14, 20, [
      at("ip.len", 44, 16, 2),
      at("ip.proto", 6, 23, 1),
      at("ip.addr", 0x0a000001, 26, 4),
      at("ip.addr", 0xc0a80002 | 0, 30, 4),
      at("ipv6.addr", Uint8Array.from([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), 0, 16),
    ]),
    at("tcp", undefined, 34, 20, [
      at("tcp.port", 4660, 34, 2),
      at("tcp.port", 80, 36, 2),
      at("tcp.flags", 2, 46, 2, [at("tcp.flags.syn", true, 47, 1)]),
      at("tcp.payload", undefined, 54, 4),
      at("http.host", "www.Example.org", 54, 4),
      at("big.number", 2n ** 63n, 0, 8),
      at("tcp.analysis", undefined),
    ]),
  ],
};

function matches(text: string): boolean | string {
  const read = readFilter(text, table);
  if ("problem" in read) return `${read.problem.code} ${read.problem.offset}+${read.problem.length}`;
  const protocols = new Set(FRAME.layers.map(({ definition }) => definition.name));
  const matched = read.filter.matches(FRAME);
  const quick = read.filter.quick({
    has: (protocol) => protocols.has(protocol),
    find: () => false,
    bytes: () => BYTES,
  });
  assert.ok(quick === undefined || quick === matched, `${text}: what was told of the protocols alone`);
  return matched;
}

/** Filters, and whether the frame is let through. */
const CASES: readonly [boolean, ...string[]][] = [
  [true, "", "tcp", "!udp", "not udp and ip", "tcp.flags.syn", "tcp.analysis", ".tcp", "ip or udp", "tcp xor udp"],
  [false, "udp", "!tcp", "tcp ^^ ip", "not (tcp || udp)", "udp && tcp", "udp and udp or udp"],
  [true, "udp and udp or tcp", "tcp or udp and udp", "tcp.port == 80", "tcp.port eq 0x50", "tcp.port == 0120"],
  [true, "tcp.port == 'P'", "tcp.port == 0b1010000", "tcp.port != 443", "tcp.port ~= 80", "tcp.port any_ne 80"],
  [
    false,
    "tcp.port != 80",
    "tcp.port === 80",
    "tcp.port all_eq 80",
    "udp != 1",
    "all tcp.port > 100",
    "tcp.port > 5000",
  ],
  [true, "any tcp.port != 80", "all tcp.port >= 80", "tcp.port < 81", "tcp.port le 80", "70 < tcp.port".slice(5)],
  [true, "tcp.port in {80}", "tcp.port in {1..10, 79..81}", "tcp.port not in {443}", "tcp.port in {79 + 1}"],
  [
    false,
    "tcp.port in {81..90,443}",
    "tcp.port not in {80}",
    "all tcp.port in {80}",
    "ip.addr in {10.0.0.2..10.0.0.9}",
  ],
  [true, "ip.addr == 10.0.0.0/8", "ip.addr == 192.168.0.2", "ip.addr > 192.0.0.0", "ip.addr in {192.168.0.0/16}"],
  [false, "ip.addr == 11.0.0.0/8", "ip.addr != 10.0.0.1", "ip.addr < 10.0.0.0/8"],
  [
    true,
    "eth.src == 02:00:00:00:00:01",
    "eth.src == 02-0-0-0-0-1",
    "eth.src == 0200.0000.0001",
    "eth.src contains 00:01",
  ],
  [true, "eth.src[0:3] == 02:00:00", "eth.src[-1] == 1", "ip.addr[0] == 0a", "eth[12:2] == 08:00", "ip[8] == 40"],
  [true, "tcp.payload contains 47:45", "tcp.payload contains 4745", 'tcp contains "GET"', "tcp contains 'G'"],
  [
    true,
    'tcp.payload[0:3] == "GET"',
    "tcp.payload[0-2] == 47:45:54",
    'tcp.payload[0,2] == "GT"',
    "tcp.payload[2:] == 54.20",
  ],
  [true, 'tcp.payload[:2] == "\\x47\\105"', "tcp[13] & 2", "ip[0] & 0x40", "tcp.flags & 2 == 2", "frame[58:] == ee:ee"],
  [
    false,
    "ip contains ee:ee",
    "tcp contains ee",
    "tcp[13] & 1",
    "tcp.flags & 0xfd",
    "tcp.payload[4:] == 00",
    "tcp[90]",
  ],
  [
    true,
    'http.host contains "Exam"',
    'http.host matches "EXAMPLE\\\\.org$"',
    'http.host matches r"\\w+\\.org"',
    'http.host ~ "^www"',
  ],
  [false, 'http.host contains "exam"', 'http.host matches "(?-i)example"', 'http.host == "www"'],
  [
    true,
    'lower(http.host) == "www.example.org"',
    'upper(http.host) contains "EXAM"',
    "len(http.host) > 3",
    "http.host > a",
  ],
  [
    true,
    "count(ip.addr) == 2",
    "len(tcp) == 20",
    "max(tcp.port) == 4660",
    "min(tcp.port) == 80",
    'string(tcp.port) == "80"',
  ],
  [true, "tcp.flags.syn == True", "tcp.flags.syn == 1", 'tcp.flags.syn == "Set"', "tcp.flags.syn != FALSE"],
  [
    true,
    'ip.proto == "TCP"',
    "ip.proto == tcp".replace("tcp", "TCP"),
    "ip.proto in {TCP, UDP}",
    "frame.number -1 == 6",
  ],
  [
    true,
    "frame.number % 2 == 1",
    "frame.number * 2 + 1 == 15",
    "{frame.number + 1} * 2 == 16",
    "frame.number + 1 > 7 && tcp",
  ],
  [true, "frame.time_delta > 0.001", "frame.time_delta == .0015", 'frame.time > "2026-01-01"', "frame.time_delta > -1"],
  [true, 'frame.time == "2026-01-01 00:00:00.5"', 'frame.time < "Jan 2, 2026 10:00:00"', "ipv6.addr == 2001:db8::1"],
  [
    true,
    "big.number == 9223372036854775808",
    "big.number > 0x7fffffffffffffff",
    "tcp.port == tcp.port",
    "frame.number < tcp.port",
  ],
  [
    false,
    "tcp.port == frame.number",
    "tcp.port == -1",
    "frame.number / 0 == 1",
    "ipv6.addr == ::1",
    "tcp.port == frame.number == 7",
  ],
];

test("a filter lets through what it says", () => {
  for (const [expected, ...texts] of CASES) for (const text of texts) assert.equal(matches(text), expected, text);
});

/** Texts that are no filters, why not, and the letters to mark. */
const BAD: readonly [string, string][] = [
  ["tcp &&", "unexpected-end 6+0"],
  ["(tcp", "unexpected-end 4+0"],
  ["tcp)", "unexpected 3+1"],
  ["tcp udp", "unexpected 4+3"],
  ["tcp.port = 80", "unknown-sign 9+1"],
  ["tcp.port == 80;", "unexpected 14+1"],
  ["foo", "unknown-field 0+3"],
  ["tcp && foo.bar == 1", "unknown-field 7+7"],
  ["80 == tcp.port", "left-literal 0+2"],
  ["tcp.port == 70000", "too-big 12+5"],
  ['tcp.port == "80"', "no-text-value 12+4"],
  ["tcp.port == abc", "bad-number 12+3"],
  ["ip.proto == FOO", "no-such-value 12+3"],
  ["ip.addr == 10.0.0", "bad-address 11+6"],
  ["ip.addr == 10.0.0.1/33", "bad-prefix 11+11"],
  ["eth.src == ff:ff", "bad-address 11+5"],
  ["tcp contains GET", "bad-bytes 13+3"],
  ['tcp contains "GET', "open-string 13+4"],
  ["tcp contains 'GE'", "bad-character 13+4"],
  ["tcp[0", "open-slice 3+2"],
  ["tcp[]", "unexpected 4+1"],
  ["tcp[a]", "bad-slice 3+3"],
  ["tcp.port[0] == 1", "not-sliced 0+8"],
  ["tcp.port contains 1", "not-contains 0+8"],
  ['tcp.port matches "1"', "not-matches 0+8"],
  ["http.host matches abc", "pattern-quoted 18+3"],
  ['http.host matches "("', "bad-pattern 18+3"],
  ["tcp.port == ip.addr", "incompatible 0+19"],
  ["tcp.analysis == 1", "not-ordered 0+12"],
  ["len(tcp)", "function-alone 0+8"],
  ["foo(tcp) == 1", "unknown-function 0+8"],
  ["len(tcp, udp) == 1", "wrong-arguments 0+13"],
  ["lower(tcp.port) == 1", "wrong-argument 0+15"],
  ["tcp + 3 == 1", "not-computed 0+7"],
  ["any tcp", "unexpected-end 7+0"],
  ["tcp.port in {}", "unexpected 13+1"],
  ["tcp.port in {80 443}", "unexpected 16+3"],
  ['frame.time == "x"', "bad-time 14+3"],
  ["frame.time_delta == a", "bad-duration 20+1"],
  [`${"(".repeat(200)}tcp`, "too-deep 101+1"],
  [`tcp${" ".repeat(5000)}`, "too-long 4096+1"],
];

test("what is no filter is refused with the letters that are wrong", () => {
  for (const [text, expected] of BAD) assert.equal(matches(text), expected, text);
});

test("no text makes it throw, and every problem is within the text", () => {
  const names = Object.keys(DEFINITIONS);
  const words = [
    "==",
    "!=",
    "in",
    "{",
    "}",
    "(",
    ")",
    "not",
    "&&",
    "..",
    "80",
    "10.0.0.0/8",
    '"a"',
    "'b'",
    "[1:2]",
    "len",
    ",",
    "&",
    "-1",
  ];
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom(...names, ...words, "all", "any", "+", "%", "contains", "matches", "1e9", '"(["'), {
        maxLength: 12,
      })
      .map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(text, (each) => {
      const read = readFilter(each, table);
      if ("problem" in read) {
        const { offset, length, text: why } = read.problem;
        assert.ok(offset >= 0 && length >= 0 && offset + length <= each.length && !/[{}]\w+\}/.test(why));
      } else assert.equal(typeof read.filter.matches(FRAME), "boolean");
    }),
    { numRuns: 2000 },
  );
});

test("names are completed where they are typed, and not within a string", () => {
  assert.deepEqual(table.complete("ip && tcp.fl", 12), {
    from: 6,
    candidates: [
      { name: "tcp.flags", label: "tcp.flags", type: "uint" },
      { name: "tcp.flags.syn", label: "tcp.flags.syn", type: "boolean" },
    ],
  });
  assert.deepEqual(table.complete('http.host == "tc', 16).candidates, []);
  assert.deepEqual(table.complete("tcp ", 4).candidates, []);
  assert.deepEqual(
    table.complete("HTTP", 4).candidates.map(({ name }) => name),
    ["http.host"],
  );
});

// Either takes memory without end where a sum of n terms is 2^n.
test("a long sum costs what its terms do", () => {
  for (const sum of [`${"1 + ".repeat(900)}1`, `${"tcp.port + ".repeat(300)}1`, `1 ${"+ tcp.port".repeat(300)}`]) {
    const read = readFilter(`tcp.port == ${sum}`, table);
    if ("filter" in read) read.filter.matches({ number: 1, layers: [], sources: [], columns: NO_COLUMNS });
  }
});

const NO_COLUMNS = { source: "", destination: "", protocol: "", info: "" };
