import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { QueryType } from "../codes.ts";
import { name } from "../name.ts";
import { formatRecord } from "../record-text.ts";
import { domainZones } from "./domain.ts";
import { formatZoneProblem } from "./master-file.ts";
import { Zones } from "./zones.ts";

const DOMAIN = {
  name: "example.test",
  server: "ns",
  hosts: [
    { name: "ns", addresses: ["10.1.2.53/24"] },
    { name: "router", addresses: ["10.1.2.1/24", "172.16.5.1/12", "192.0.2.1/30"] },
    { name: "bare", addresses: [] },
  ],
};

/** Answers from the zones of the domain, without class. */
const asker = (...lines: string[]) => {
  const { zones, problems } = domainZones(DOMAIN, lines, 3600);
  assert.deepEqual(problems, []);
  const all = new Zones(zones);
  return (text: string, type: QueryType): string[] => {
    const { rcode, answers, authorities } = all.answer({ name: name(text), type, class: "IN" });
    const records = answers.length > 0 ? answers : authorities;
    return rcode === "NOERROR" ? records.map((record) => formatRecord(record).replace(" IN", "")) : [rcode];
  };
};

describe("a domain of a network's hosts", () => {
  test("has an address of each, and a name server", () => {
    const ask = asker();
    assert.deepEqual(ask("router.example.test.", "A"), [
      "router.example.test. 3600 A 10.1.2.1",
      "router.example.test. 3600 A 172.16.5.1",
      "router.example.test. 3600 A 192.0.2.1",
    ]);
    assert.deepEqual(ask("example.test.", "NS"), ["example.test. 3600 NS ns.example.test."]);
    assert.deepEqual(ask("bare.example.test.", "A"), ["NXDOMAIN"]);
    assert.deepEqual(ask("example.test.", "SOA"), [
      "example.test. 3600 SOA ns.example.test. hostmaster.example.test. 1 3600 600 604800 300",
    ]);
  });

  test("has the names of their addresses, in zones of whole octets", () => {
    const ask = asker();
    const ptr = (text: string) => ask(text, "PTR").map((line) => line.split(" ").at(-1));
    assert.deepEqual(ptr("53.2.1.10.in-addr.arpa."), ["ns.example.test."]);
    assert.deepEqual(ptr("1.5.16.172.in-addr.arpa."), ["router.example.test."]);
    assert.deepEqual(ptr("1.2.0.192.in-addr.arpa."), ["router.example.test."]);
    assert.deepEqual(ptr("9.2.1.10.in-addr.arpa."), ["NXDOMAIN"]);
    assert.deepEqual(ptr("1.3.1.10.in-addr.arpa."), ["REFUSED"], "that is another /24");
    assert.deepEqual(ptr("1.9.99.172.in-addr.arpa."), ["NXDOMAIN"], "of /12 one octet counts");
  });

  test("has every address's name where zones of addresses lie in each other", () => {
    const hosts = [
      { name: "wide", addresses: ["10.1.2.3/8"] },
      { name: "narrow", addresses: ["10.1.9.1/16"] },
      { name: "far", addresses: ["10.2.0.1/8"] },
    ];
    const zones = new Zones(domainZones({ ...DOMAIN, hosts }, [], 60).zones);
    for (const each of ["3.2.1.10", "1.9.1.10", "1.0.2.10"]) {
      const question = { name: name(`${each}.in-addr.arpa.`), type: "PTR", class: "IN" } as const;
      assert.equal(zones.answer(question).answers.length, 1, each);
    }
  });

  test("has what else is written, as in a master file", () => {
    const ask = asker("www CNAME router", "@ MX 10 bare", "bare 60 A 192.0.2.9", "@ NS ns2.elsewhere.");
    assert.deepEqual(ask("www.example.test.", "CNAME"), ["www.example.test. 3600 CNAME router.example.test."]);
    assert.deepEqual(ask("bare.example.test.", "A"), ["bare.example.test. 60 A 192.0.2.9"]);
    assert.deepEqual(ask("example.test.", "NS"), ["example.test. 3600 NS ns2.elsewhere."], "in place of its own");
    const own = asker("@ SOA a b 9 8 7 6 5");
    assert.match(own("example.test.", "SOA")[0] ?? "", / a\.example\.test\. b\.example\.test\. 9 8 7 6 5$/);
  });

  test("says what is wrong with that", () => {
    const problems = (...lines: string[]) => domainZones(DOMAIN, lines, 60).problems.map(formatZoneProblem);
    assert.deepEqual(problems("www CNAME router", "mail MX 10"), [
      "records:2:9: MX needs a domain name (exchange) behind this",
    ]);
    assert.deepEqual(problems("router CNAME ns"), [
      "records:1:1: router.example.test. is an alias (CNAME), and has other records as well (RFC 2181 §10.1)",
      "records:1:1: router.example.test. is an alias (CNAME), and has other records as well (RFC 2181 §10.1)",
      "records:1:1: router.example.test. is an alias (CNAME), and has other records as well (RFC 2181 §10.1)",
    ]);
    assert.equal(domainZones({ ...DOMAIN, name: "a..b" }, [], 60).problems.length, 1);
    const hosts = [{ name: "a", addresses: ["10.0.0.1"] }];
    assert.match(
      domainZones({ ...DOMAIN, hosts }, [], 60).problems[0]?.message ?? "",
      /^10\.0\.0\.1 is no address with/,
    );
    const long = `${"a".repeat(60)}.`.repeat(4);
    assert.equal(domainZones({ ...DOMAIN, name: long, server: "s".repeat(20) }, [], 60).problems.length, 1);
  });
});
