import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PROGRAMS } from "../../application/registry.ts";
import type { HostDocument, NetworkDocument } from "../../network/document.ts";
import type { Problem } from "./problem.ts";
import { readDocument } from "./read.ts";

const show = ({ line, column, message, hint }: Problem) => `${line}:${column} ${message}${hint ? ` – ${hint}` : ""}`;

/** A file that has to be right. */
const good = (text: string): NetworkDocument => {
  const { document, problems } = readDocument(text, { programs: PROGRAMS });
  assert.deepEqual(problems, []);
  assert.ok(document);
  return document;
};

const errors = (text: string): string[] => {
  const { document, problems } = readDocument(text, { programs: PROGRAMS });
  assert.equal(document, undefined);
  return problems.filter(({ severity }) => severity === "error").map(show);
};

describe("names in a network file", () => {
  test("name servers, search domains and hosts files are those of the network and of each host", () => {
    const document = good(`netarium: 1
nameServers: [ns, "10.0.0.9:5353"]
search: [example.test]
hosts: { www.example.test: pc, both.example.test: [pc, 192.0.2.1] }
devices:
  ns: { kind: host, address: 10.0.0.53/24 }
  pc: { kind: host, address: 10.0.0.2/24, nameServers: [], search: [a.test, b.test.], hosts: { a.b: 10.0.0.7 } }
cables: [{ between: [ns, pc] }]
`);
    assert.deepEqual(document.names, {
      nameServers: ["10.0.0.53", "10.0.0.9:5353"],
      search: ["example.test"],
      hosts: { "www.example.test": ["10.0.0.2"], "both.example.test": ["10.0.0.2", "192.0.2.1"] },
    });
    const [ns, pc] = document.devices as HostDocument[];
    assert.deepEqual(ns?.names, {});
    assert.deepEqual(pc?.names, { nameServers: [], search: ["a.test", "b.test."], hosts: { "a.b": ["10.0.0.7"] } });
  });

  test("name servers and hosts that are not there, and what is no name", () => {
    const rest = `devices:
  pc: { kind: host, address: 10.0.0.2/24, nameServers: [p, 10.0.0.9.9], hosts: { x.test: [pc, qc] } }
  ns: { kind: host, address: 10.0.0.53/24 }
cables: [{ between: [ns, pc] }]
`;
    assert.deepEqual(errors(`netarium: 1\nnameServers: [sn]\n${rest}`), [
      '2:15 "sn" is neither an address nor a host of this network – did you mean "ns"?',
      '4:57 "p" is neither an address nor a host of this network – did you mean "pc"?',
      '4:60 "10.0.0.9.9" is neither an address nor a host of this network – there is "pc", "ns"',
      '4:95 "qc" is neither an address nor a host of this network – did you mean "pc"?',
    ]);
    assert.deepEqual(errors(`netarium: 1\nsearch: ["a..b", "${"a".repeat(64)}.b"]\n${rest}`), [
      '2:10 expected a domain name such as "www.example.test", found "a..b"',
      `2:18 expected a domain name such as "www.example.test", found "${"a".repeat(57)}…"`,
    ]);
  });

  test("zones and records that are wrong, and files that cannot be had", () => {
    const text = (parameters: string) => `netarium: 1
devices:
  ns: { kind: host, address: 10.0.0.53/24, programs: [{ run: dns-server, with: { ${parameters} } }] }
  pc: { kind: host, address: 10.0.0.2/24 }
cables: [{ between: [ns, pc] }]
`;
    assert.deepEqual(errors(text('domain: x.test, records: [www A 10.0.0.1, "a MX mail"]')), [
      "3:98 records: records:2:6: expected a number up to 65535, found mail",
    ]);
    assert.deepEqual(errors(text("domain: [x.test]")), [
      '3:90 expected a domain name such as "example.test", found a list',
    ]);
    assert.deepEqual(errors(text('domain: "x..test"')), [
      '3:90 expected a domain name such as "example.test", found "x..test"',
    ]);
    assert.deepEqual(errors(text("records: [www A 10.0.0.1]")), [
      "3:82 records: these are records of a domain: give it one",
    ]);
    assert.deepEqual(errors(text("zones: [a. 1 A 10.0.0.1]")), [
      "3:82 zones: zone 1:1:1: there is no SOA record, with which a zone begins (RFC 1035 §5.2)",
    ]);
    assert.deepEqual(errors(text("zoneFiles: [a.zone, ../b.zone]")), [
      '3:94 "a.zone" cannot be read',
      '3:102 "../b.zone" leads out of the file\'s folder – write a path inside it, such as "a.zone"',
    ]);
    assert.deepEqual(errors(text(`zoneFiles: [${"a, ".repeat(101)}]`)).slice(0, 1), [
      "3:93 101 files are more than the limit of 100",
    ]);
    const zone = "x. 1 SOA a. b. 1 2 3 4 5\nx. NS a.\n";
    const readFile = (path: string) => (path === "a.zone" ? zone : { message: "it is not there" });
    const readWith = (list: string) => readDocument(text(`zoneFiles: [${list}]`), { programs: PROGRAMS, readFile });
    const { devices } = readWith("a.zone").document as NetworkDocument;
    assert.deepEqual((devices[0] as HostDocument).programs[0]?.parameters, {
      zoneFiles: [{ path: "a.zone", text: zone }],
    });
    assert.deepEqual(readWith("b.zone").problems.map(show), ['3:94 "b.zone" cannot be read – it is not there']);
  });

  test("a domain name as a program's endpoint is looked up when it runs, and a misspelt host is still told", () => {
    const text = (server: string) => `netarium: 1
devices:
  a: { kind: host, address: 10.0.0.1/24, programs: [{ run: time-client, with: { server: "${server}" } }] }
  b: { kind: host, address: 10.0.0.2/24 }
cables: [{ between: [a, b] }]
`;
    const serverOf = (written: string) =>
      (good(text(written)).devices[0] as HostDocument).programs[0]?.parameters.server;
    assert.deepEqual(serverOf("www.example.test:80"), { address: "www.example.test", port: 80 });
    assert.deepEqual(serverOf("www.example.test.:80"), { address: "www.example.test.", port: 80 });
    assert.deepEqual(serverOf("b:80"), { address: "10.0.0.2", port: 80 });
    for (const wrong of ["c", "10.0.0.256", "1.2.3", "a..b", "a.1"]) {
      assert.deepEqual(errors(text(`${wrong}:80`)).length, 1, wrong);
    }
  });

  test("a domain is given with all hosts of the network", () => {
    const document = good(`netarium: 1
devices:
  ns: { kind: host, address: 10.0.0.53/24, programs: [{ run: dns-server, with: { domain: x.test } }] }
  r: { kind: router, interfaces: { eth0: 10.0.0.1/24, eth1: { address: [10.1.1.1/16, 10.2.1.1/16] } } }
  hub: { kind: hub }
cables: [{ between: [ns, r.eth0] }, { between: [r.eth1, hub] }]
`);
    assert.deepEqual((document.devices[0] as HostDocument).programs[0]?.parameters.domain, {
      name: "x.test",
      server: "ns",
      hosts: [
        { name: "ns", addresses: ["10.0.0.53/24"] },
        { name: "r", addresses: ["10.0.0.1/24", "10.1.1.1/16", "10.2.1.1/16"] },
      ],
    });
  });
});
