import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatIp } from "../../address/ip.ts";
import { PROGRAMS } from "../../application/registry.ts";
import type { HostDocument, NetworkDocument } from "../../network/document.ts";
import { formatProblem, type Problem } from "./problem.ts";
import { readDocument } from "./read.ts";
import type { Permission } from "./reading.ts";

const read = (text: string, ...allow: Permission[]) =>
  readDocument(text, { programs: PROGRAMS, allow: new Set(allow) });

/** A file that has to be right. */
const good = (text: string, ...allow: Permission[]): NetworkDocument => {
  const { document, problems } = read(text, ...allow);
  assert.deepEqual(problems, []);
  assert.ok(document);
  return document;
};

const show = ({ line, column, message, hint }: Problem) => `${line}:${column} ${message}${hint ? ` – ${hint}` : ""}`;

/** The errors of a file that has to be wrong. */
const errors = (text: string, ...allow: Permission[]): string[] => {
  const { document, problems } = read(text, ...allow);
  assert.equal(document, undefined);
  return problems.filter(({ severity }) => severity === "error").map(show);
};

const warnings = (text: string): string[] => {
  const { document, problems } = read(text);
  assert.ok(document, problems.map(show).join("\n"));
  return problems.map(show);
};

const HEAD = "netarium: 1\ndevices:\n";

describe("a good network file", () => {
  test("the chat room is read without a problem", () => {
    const text = readFileSync(new URL("../../../examples/chat-room.yaml", import.meta.url), "utf8");
    const document = good(text);
    assert.equal(document.devices.length, 9);
    assert.equal(document.cables.length, 8);
    assert.equal(document.doors.length, 3);
    const alice = document.devices[0] as HostDocument;
    assert.deepEqual(alice.programs[0]?.parameters, {
      server: { address: "10.0.2.11", port: 8888 },
      name: "Alice",
      pause: 20e9,
    });
    assert.equal(alice.programs[0]?.at, 1e9);
    assert.deepEqual(document.doors[0], {
      kind: "publish",
      name: "join",
      protocol: "tcp",
      real: { address: "127.0.0.1", port: 8888 },
      from: "guest",
      to: { address: "10.0.2.11", port: 8888 },
    });
  });

  test("a cable may be cut one way, and where devices stand is of no concern to the network", () => {
    const text = `netarium: 1
devices: { a: { kind: hub }, b: { kind: hub } }
cables: [{ between: [a, b], from: { a: { cut: true } } }]
layout: { a: [1, 2.5], z: [0, 0] }
`;
    const { document, problems } = readDocument(text, { programs: PROGRAMS });
    assert.deepEqual(
      document?.cables[0]?.conditions.map(({ cut }) => cut),
      [true, undefined],
    );
    assert.deepEqual(
      problems.map(({ severity, line, column, message }) => [severity, line, column, message]),
      [["warning", 4, 24, 'there is no device or door "z"']],
    );
  });

  test("units, ports, conditions of one end, several addresses, routes, faults and TCP settings are resolved", () => {
    const document = good(`netarium: 1
seed: 7
epoch: 2000-02-29
tcp: {sack: false, minimumRto: 50ms}
devices:
  a: {kind: host, address: [10.0.0.1/24, 10.0.9.1/24], gateway: 10.0.0.2, mtu: 1400, mac: "02:00:00:00:00:77"}
  r:
    kind: router
    interfaces: {left: 10.0.0.2/24, right: {address: 10.1.0.2/16, mtu: 9000}}
    routes: [{to: 10.2.0.0/16, via: 10.1.0.3, congestionControl: bbr}]
    tcp: {noDelay: true}
  s: {kind: router, address: 10.1.0.3/16}
  x: {kind: switch}
cables:
  - {between: [a, r.left], delay: 1.5ms, rate: 10Mbit/s, loss: 1%, jitter: 1ms, queue: 50, from: {a: {loss: 0.5, pastFcs: true}}}
  - {between: [x, r]}
  - {between: [s, x.7]}
faults:
  - {cable: [r, a], at: 10s, for: 1s, every: 1m, do: cut, from: r}
  - {cable: [s, x], at: 1s, duplication: 10%, reordering: 20%, reorderDelay: 3ms, corruption: 5%}
`);
    assert.deepEqual([document.seed, new Date(document.epoch).toISOString()], [7, "2000-02-29T00:00:00.000Z"]);
    assert.deepEqual(document.tcp, { sack: false, minimumRto: 50e6 });
    const [a, r] = document.devices as HostDocument[];
    assert.deepEqual(
      a?.interfaces[0]?.addresses.map(({ address, prefix }) => [formatIp(address), prefix.length]),
      [
        ["10.0.0.1", 24],
        ["10.0.9.1", 24],
      ],
    );
    assert.deepEqual([a?.interfaces[0]?.mtu, a?.interfaces[0]?.mac], [1400, 0x020000000077]);
    assert.deepEqual(
      r?.interfaces.map(({ name, mtu }) => [name, mtu]),
      [
        ["left", undefined],
        ["right", 9000],
      ],
    );
    assert.equal(formatIp(r?.routes[0]?.gateway ?? (0 as never)), "10.1.0.3");
    assert.equal(r?.routes[0]?.congestionControl, "bbr");
    const [first, second, third] = document.cables;
    assert.deepEqual(first?.conditions[0], { delay: 1.5e6, rate: 10e6, loss: 0.5, jitter: 1e6, pastFcs: true });
    assert.deepEqual(first?.conditions[1], { delay: 1.5e6, rate: 10e6, loss: 0.01, jitter: 1e6 });
    assert.deepEqual(
      [second?.a, second?.b],
      [
        { device: "x", port: "1", chosen: true },
        { device: "r", port: "right", chosen: true },
      ],
    );
    assert.deepEqual(third?.b, { device: "x", port: "7" });
    assert.deepEqual(document.devices[3], { kind: "switch", name: "x", ports: 7 });
    assert.deepEqual(document.faults, [
      { cable: 0, direction: "b-a", action: { kind: "cut" }, at: 10e9, for: 1e9, every: 60e9 },
      {
        cable: 2,
        direction: "both",
        action: {
          kind: "change",
          conditions: { reorderDelay: 3e6, duplication: 0.1, reordering: 0.2, corruption: 0.05 },
        },
        at: 1e9,
        for: undefined,
        every: undefined,
      },
    ]);
  });

  test("names like those of objects' own methods are names as any other", () => {
    const document = good(`${HEAD}  constructor: {kind: hub}\n  toString: {kind: host}\n`);
    assert.deepEqual(
      document.devices.map(({ name }) => name),
      ["constructor", "toString"],
    );
  });
});

describe("the version", () => {
  test("comes first and is known, else nothing else is judged", () => {
    assert.match(errors("devices: {}")[0] ?? "", /^1:1 a network file begins with "netarium: 1" – add that line/);
    assert.deepEqual(errors("netarium: 2\nnonsense: 1"), [
      "1:11 the version 2 is unknown: this netarium knows version 1 – install a newer netarium (npm install netarium@latest)",
    ]);
    assert.match(
      errors("netarium: one\ndevices: {}")[0] ?? "",
      /^1:11 the version "one" is unknown.*write netarium: 1/,
    );
    assert.match(errors("devices: {}\nnetarium: 1")[0] ?? "", /^2:1 .*move this line to the top/);
    assert.match(errors("")[0] ?? "", /this is nothing/);
    assert.match(errors("- 1")[0] ?? "", /this is a list/);
  });
});

describe("errors have a place, what was expected and a hint", () => {
  test("several at once, in the order of the file", () => {
    const text = `netarium: 1
devices:
  pc1: {kind: hots, address: 10.0.0.1/24}
  pc2: {kind: host, adress: 10.0.0.2/24, mtu: 10}
  pc3: {kind: host, address: 10.0.0.300/24, programs: [{rum: chat-server}]}
  4pc: {kind: hub}
  pc5: {address: 1}
  pc6:
cables:
  - {between: [pc1], delay: 5, loss: 200%, rate: 1MB/s}
fautls: []
`;
    assert.deepEqual(errors(text), [
      '3:15 expected one of host, router, hub, switch, found "hots" – did you mean "host"?',
      '4:21 unknown key "adress" – did you mean "address"?',
      "4:47 expected a whole number from 68 to 65535, found 10",
      '5:30 expected an address and prefix length such as "10.0.0.1/24", found "10.0.0.300/24"',
      '5:56 missing "run": expected a name: letters, digits, - and _, a letter first, at most 63',
      '5:57 unknown key "rum" – did you mean "run"?',
      '6:3 expected a name: letters, digits, - and _, a letter first, at most 63, found "4pc"',
      '7:3 missing "kind": expected one of host, router, hub, switch',
      "8:7 expected one of host, router, hub, switch, found nothing",
      "10:15 expected a list of its two ends, such as [pc1, hub], found a list",
      '10:29 expected a duration such as "150us", "1.5ms", "10s" or "1h30m", found 5',
      '10:38 expected a probability such as "1%", or a number from 0 to 1, found "200%"',
      '10:50 expected a rate such as "56kbit/s", "100Mbit/s" or "1Gbit/s", found "1MB/s"',
      '11:1 unknown key "fautls" – did you mean "faults"?',
    ]);
  });

  test("devices and ports that are not there, and ports used twice", () => {
    const text = `${HEAD}  pc1: {kind: host, address: 10.0.0.1/24}
  pc2: {kind: host, address: 10.0.0.2/24}
  hub: {kind: hub, ports: 2}
cables:
  - {between: [pc1, hbu]}
  - {between: [pc1.eht0, hub.3]}
  - {between: [pc1.eth0, hub.1]}
  - {between: [pc1, hub.1]}
  - {between: [pc2, hub]}
  - {between: [pc2, pc2], from: {pc1: {delay: 1s}}}
`;
    assert.deepEqual(errors(text), [
      "7:16 every port of pc1 has a cable already – give it one more interface, under interfaces",
      '7:21 there is no device "hbu" – did you mean "hub"?',
      '8:16 pc1 has no port "eht0" – did you mean "eth0"?',
      '8:26 hub has no port "3" – its ports are 1 to 2',
      "10:16 every port of pc1 has a cable already – give it one more interface, under interfaces",
      "10:21 hub.1 has a cable already, that of line 9 – a port takes one cable",
      "12:21 a cable joins two ends, and both are pc2",
      '12:34 "pc1" is no end of this cable – write "pc2"',
    ]);
  });

  test("addresses that nobody can have, and gateways that cannot be reached", () => {
    const text = `${HEAD}  a: {kind: host, address: 10.0.0.0/24}
  b: {kind: host, address: 10.0.0.255/24}
  c: {kind: host, address: 127.0.0.1/8}
  d: {kind: host, address: 224.0.0.1/24}
  e: {kind: host, address: 10.0.0.5/24, gateway: 10.0.1.1}
  f: {kind: host, address: [10.0.0.6/24, 10.0.0.6/16], gateway: 10.0.0.6}
  g: {kind: host, address: 10.0.0.7/24, routes: [{to: 10.1.2.3/16, via: 10.0.0.5}]}
  h: {kind: host, address: 10.0.0.8/24, interfaces: {lo: 10.0.0.9/24}}
`;
    assert.deepEqual(errors(text), [
      "3:28 10.0.0.0/24 is the network itself: its host bits are all 0",
      "4:28 10.0.0.255/24 is the network's broadcast address",
      "5:28 127.0.0.1/8 is a loopback address, which every host has already",
      "6:28 224.0.0.1/24 is a multicast address, not a host's",
      "7:50 no interface of e reaches 10.0.1.1 – it is on 10.0.0.0/24",
      "8:42 10.0.0.6 stands twice on this device, first in line 8",
      "8:65 10.0.0.6 is f itself – a gateway is a router on the same link",
      '9:55 10.1.2.3/16 has bits set behind its prefix – did you mean "10.1.0.0/16"?',
      '10:19 "address" is of one interface, and this device has "interfaces" – write it there',
      '10:54 "lo" is the loopback interface, which every host has – name it eth0',
    ]);
  });

  test("offload is all or some, and a warning where it has no effect", () => {
    const devices =
      "netarium: 1\ndevices: {a: {kind: host, address: 10.0.0.1/24}, b: {kind: host, address: 10.0.0.2/24}}\n";
    const offloadOf = (text: string) =>
      read(`${devices}cables: [{between: [a, b], ${text}}]`).document?.cables.map(({ offload }) => offload);
    assert.deepEqual(offloadOf("delay: 1ms"), [false]);
    assert.deepEqual(offloadOf("offload: true"), [true]);
    assert.deepEqual(offloadOf("offload: [checksum, coalescing]"), [["checksum", "coalescing"]]);
    const said = (text: string) => warnings(`${devices}cables: [{between: [a, b], ${text}}]`);
    assert.deepEqual(said("offload: [coalescing], rate: 1Gbit/s"), []);
    assert.deepEqual(said("offload: true, delay: 1ms"), []);
    for (const text of ["offload: true, rate: 1Gbit/s", "offload: [segmentation], from: {a: {loss: 1%}}"]) {
      assert.match(said(text).join(), /cannot be left to a cable/);
    }
    assert.match(
      errors(`${devices}cables: [{between: [a, b], offload: [checksums]}]`).join(),
      /checksum, segmentation, coalescing/,
    );
  });

  test("an address twice on a link is an error, and on different links a warning", () => {
    const hosts = `  a: {kind: host, address: 10.0.0.1/24}\n  b: {kind: host, address: 10.0.0.1/24}\n`;
    assert.match(
      errors(`${HEAD}${hosts}cables: [{between: [a, b]}]`)[0] ?? "",
      /^4:28 10.0.0.1 stands twice in the network: a has it too, in line 3/,
    );
    assert.match(warnings(`${HEAD}${hosts}`).join("\n"), /different links/);
  });

  test("a file without devices", () => {
    assert.match(warnings("netarium: 1\ndevices: {}\n").join("\n"), /^2:1 there are no devices.* – add one/);
  });

  test("what works but is hardly meant is a warning", () => {
    const text = `${HEAD}  a: {kind: host, address: 10.0.0.1/24, gateway: 10.0.0.9}
  b: {kind: host, address: 10.0.0.2/24, gateway: 10.0.0.1}
  c: {kind: host, address: 10.5.0.3/24}
  d: {kind: host, address: 10.9.0.4/24}
  hub: {kind: hub}
cables: [{between: [a, hub]}, {between: [b, hub]}, {between: [c, hub]}]
`;
    assert.deepEqual(warnings(text), [
      "3:50 nobody on the link has the address 10.0.0.9",
      "4:50 a, which has this address, forwards nothing – a gateway is of kind router",
      "5:28 nobody else on this link is in 10.5.0.0/24 – the others are in 10.0.0.0/24",
      "6:28 no cable goes to d.eth0",
    ]);
  });

  test("programs and their parameters", () => {
    const text = `${HEAD}  a:
    kind: host
    address: 10.0.0.1/24
    programs:
      - chat-sever
      - {run: chat-server, with: {prot: 1, port: 65536, idle: 5, transcript: 1, clients: -1}}
      - {run: chat-user, with: {server: "b:8888"}}
      - {run: udp-sender, with: {to: nowhere, texts: hello}}
`;
    assert.deepEqual(errors(text), [
      '7:9 there is no program "chat-sever" – did you mean "chat-server"?',
      '8:35 chat-server has no parameter "prot" – did you mean "port"?',
      "8:50 expected a port from 0 to 65535, found 65536",
      '8:63 expected a duration such as "1.5s", found 5',
      "8:78 expected true or false, found 1",
      "8:90 expected a whole number, 0 or more, found -1",
      '9:9 chat-user needs the parameter "name": expected a text – write it under with: The user\'s name.',
      '9:41 "b:8888" is neither'.slice(0, 0) +
        '9:41 "b" is neither an address nor a host of this network – did you mean "a"?',
      '10:38 expected a host or address and a port such as "server:8888", found "nowhere"',
      '10:54 expected a list of texts, found "hello"',
    ]);
  });

  test("doors stay on loopback and in the folder unless that is allowed", () => {
    const text = `${HEAD}  a: {kind: host, address: 10.0.0.1/24}
doors:
  one: {publish: tcp, real: "0.0.0.0:80", from: a, to: "a:80"}
  two: {publish: tcp, real: "127.0.0.1:81", from: b, to: "c:80"}
  three: {publish: tcp, real: "127.0.0.1:80", from: a, to: "a:81"}
  again: {publish: tcp, real: "localhost:80", from: a, to: "a:81"}
  four: {tunnel: nt0}
  five: {stream: "unix:../x.sock"}
  six: {stream: "unix:/x.sock"}
  seven: {stream: "example.org:1"}
  a: {stream: "unix:x.sock", lisen: true}
cables: [{between: [a, four]}]
`;
    assert.deepEqual(errors(text), ['13:30 unknown key "lisen" – did you mean "listen"?']);
    const found = errors(text.replace(", lisen: true", ""));
    assert.deepEqual(
      found.map((each) => each.replace(/ – .*/, "")),
      [
        "5:29 0.0.0.0 can be reached from other machines, which is not allowed",
        '6:51 there is no host "b"',
        '6:58 "c" is neither an address nor a host of this network',
        "8:31 tcp 127.0.0.1:80 is published twice, first in line 7",
        "9:18 a tunnel joins this network to the machine's own, which is not allowed",
        `10:18 "../x.sock" leads out of the file's folder`,
        `11:17 "/x.sock" leads out of the file's folder`,
        '12:19 "example.org" is no address of this machine',
        '13:3 "a" is the name of a device already',
      ],
    );
    assert.match(found[0] ?? "", /--allow=publish/);
    assert.deepEqual(
      good(
        `${HEAD}  a: {kind: host, address: 10.0.0.1/24}
doors:
  nt: {tunnel: nt0}
  out: {publish: udp, real: "0.0.0.0:80", from: a, to: "10.9.9.9:80"}
cables: [{between: [a, nt]}]
`,
        "tunnel",
        "publish",
      ).doors.map(({ kind }) => kind),
      ["tunnel", "publish"],
    );
  });

  test("faults name a cable that is there and do one thing", () => {
    const text = `${HEAD}  a: {kind: host, interfaces: {x: 10.0.0.1/24, y: 10.0.1.1/24}}
  b: {kind: host, interfaces: {x: 10.0.0.2/24, y: 10.0.1.2/24}}
cables: [{between: [a.x, b.x]}, {between: [a.y, b.y]}]
faults:
  - {cable: [a, b], at: 1s, do: cut}
  - {cable: [a, c], at: 1s, do: ct}
  - {cable: [b.x, a.x], at: 1s}
  - {cable: [a.x, b.x], at: 1s, do: cut, loss: 1%}
  - {cable: [a.x, b.x], at: 1s, for: 10s, every: 5s, do: unplug, from: a}
`;
    assert.deepEqual(errors(text), ['8:33 expected one of cut, heal, unplug, plug, found "ct" – did you mean "cut"?']);
    assert.deepEqual(errors(text.replace("do: ct", "do: cut")), [
      '7:13 2 cables join a and b – name the ports, as in "pc1.eth0", in both places',
      '8:13 no cable joins a and c – there is "a.x, b.x", "a.y, b.y"',
      '9:5 a fault does something or changes conditions – write do: cut, or a condition such as loss: "10%"',
      "10:33 a fault either does something or changes conditions, and this one does both – make two of it",
      "11:38 a fault has to end before it begins again – make for shorter, or every longer",
      "11:66 a cable is unplugged at both ends – leave from away, or cut it",
    ]);
  });

  test("a problem is printed as compilers print theirs", () => {
    const [problem] = read("netarium: 2").problems;
    assert.ok(problem);
    assert.match(formatProblem("net.yaml", problem), /^net\.yaml:1:11: error: the version 2.*\n {4}install/);
  });
});

describe("a hostile file", () => {
  test("10,000 devices are read, and one more refused", () => {
    const devices = (count: number) => Array.from({ length: count }, (_, n) => `  h${n}: {kind: host}\n`).join("");
    const cables = Array.from({ length: 9_999 }, (_, n) => `- {between: [h${n}, h9999]}\n`).join("");
    assert.equal(good(HEAD + devices(10_000)).devices.length, 10_000);
    assert.match(errors(HEAD + devices(10_001))[0] ?? "", /10001 devices are more than the limit of 10000/);
    const star = `${HEAD}${devices(9_999)}  h9999: {kind: switch}\ncables:\n${cables}`;
    assert.equal(good(star).cables.length, 9_999);
    assert.equal(
      errors(`${HEAD}${devices(10_000)}cables:\n${cables}`).length,
      100,
      "no more problems than can be read",
    );
  });

  test("ports are not made without limit", () => {
    const hubs = Array.from({ length: 11 }, (_, n) => `  h${n}: {kind: hub, ports: 10000}\n`).join("");
    assert.deepEqual(errors(HEAD + hubs), ["2:1 110000 ports are more than the limit of 100000"]);
  });

  test("whatever a value is changed to, the file is read or refused with places, and never throws", () => {
    const text = readFileSync(new URL("../../../examples/chat-room.yaml", import.meta.url), "utf8");
    const lines = text.split("\n");
    const change = fc.record({
      line: fc.nat(lines.length - 1),
      at: fc.nat(80),
      count: fc.nat(12),
      by: fc.constantFrom(
        "",
        ":",
        "[",
        "{",
        "- ",
        "&a ",
        "*a",
        "null",
        "1e999",
        "-1",
        "true",
        '""',
        "x",
        "10.0.1.1/24",
        "\n",
        "  ",
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = [...lines];
        for (const { line, at, count, by } of changes) {
          const before = changed[line] ?? "";
          changed[line] = before.slice(0, at) + by + before.slice(at + count);
        }
        const { document, problems } = read(changed.join("\n"));
        assert.equal(
          document === undefined,
          problems.some(({ severity }) => severity === "error"),
        );
        for (const { line, column } of problems) assert.ok(line >= 1 && column >= 1);
      }),
      { numRuns: 500 },
    );
  });
});
